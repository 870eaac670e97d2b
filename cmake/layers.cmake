# SPDX-License-Identifier: Apache-2.0
# One static library per layer. A layer sees only the headers and symbols of the
# layers that it names, so an include against the direction does not compile or link.
#
#   scamper_layer(NAME name SOURCES a.cc ... DEPENDS lib ...)
#   scamper_test(NAME name SOURCES a_test.cc ... DEPENDS lib ...)

set(SCAMPER_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(SCAMPER_GRPC_SANITIZE)
  # GCC's flow analysis is misled by the instrumentation.
  list(APPEND SCAMPER_WARNINGS -Wno-maybe-uninitialized)
endif()

function(scamper_layer)
  cmake_parse_arguments(L "" "NAME" "SOURCES;DEPENDS" ${ARGN})
  add_library(scamper_${L_NAME} STATIC ${L_SOURCES})
  target_include_directories(scamper_${L_NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(scamper_${L_NAME} PRIVATE ${SCAMPER_WARNINGS})
  target_link_libraries(scamper_${L_NAME} PUBLIC ${L_DEPENDS})
endfunction()

function(scamper_test)
  cmake_parse_arguments(T "" "NAME" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${T_NAME} ${T_SOURCES})
  target_include_directories(${T_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  # What a test itself does need not be fast; compiling it has to be.
  target_compile_options(${T_NAME} PRIVATE ${SCAMPER_WARNINGS} -O1 -g1)
  target_compile_definitions(${T_NAME} PRIVATE
    SCAMPER_TESTDATA="${PROJECT_SOURCE_DIR}/tests/testdata")
  target_link_libraries(${T_NAME} PRIVATE ${T_DEPENDS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${T_NAME} COMMAND ${T_NAME})
endfunction()
