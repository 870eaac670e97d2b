// SPDX-License-Identifier: Apache-2.0
// Bits of the TCP header's flags.
#pragma once

#include <cstdint>

namespace scamper::records {

inline constexpr uint32_t kTcpFin = 0x01;
inline constexpr uint32_t kTcpSyn = 0x02;
inline constexpr uint32_t kTcpRst = 0x04;
inline constexpr uint32_t kTcpPsh = 0x08;
inline constexpr uint32_t kTcpAck = 0x10;
inline constexpr uint32_t kTcpUrg = 0x20;
inline constexpr uint32_t kTcpEce = 0x40;
inline constexpr uint32_t kTcpCwr = 0x80;

}  // namespace scamper::records
