# SPDX-License-Identifier: Apache-2.0
# cmake -DIN=file -DOUT=file.inc -P embed.cmake: the bytes of a file as the elements of a C array.
file(READ ${IN} BYTES HEX)
string(REGEX REPLACE "(..)" "0x\\1," BYTES "${BYTES}")
file(WRITE ${OUT} "${BYTES}\n")
