# SPDX-License-Identifier: Apache-2.0
# Asio, for the few that include it; the same everywhere, as it is in their object files.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(scamper_asio INTERFACE)
target_include_directories(scamper_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
# By itself it looks for aligned_alloc by a macro of the standard library, which is not there yet
# where Asio is included first: memory of one source would be freed in another way in the next.
target_compile_definitions(scamper_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED
  ASIO_HAS_STD_ALIGNED_ALLOC=1)
