// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_techniques.h"

namespace scamper::records {
namespace {

using v1::DealiasAlly;
using v1::DealiasBump;
using v1::DealiasMercator;
using v1::DealiasMidardisc;
using v1::DealiasMidardiscRound;
using v1::DealiasMidarest;
using v1::DealiasPrefixscan;
using v1::DealiasRadargun;
using warts::Addr;
using warts::Cursor;
using warts::Millis16;
using warts::ReadState;
using warts::Seconds8;
using warts::TvDuration;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Us32;
using warts::Writer;
using warts::WriteState;

// u16 count, then that many Addr.
struct AddrList16 {
  static bool Read(Cursor& c, ReadState& s, warts::Strings* out) {
    uint32_t count = 0;
    if (!U16::Read(c, s, &count)) return false;
    for (uint32_t i = 0; i < count; ++i) {
      if (!Addr::Read(c, s, out->Add())) return false;
    }
    return true;
  }
  static bool Write(const warts::Strings& value, Writer& w, WriteState& s) {
    if (value.size() > 0xffff) return s.Fail("must hold at most 65535 addresses");
    w.U16(static_cast<uint32_t>(value.size()));
    for (const std::string& address : value) {
      if (!Addr::Write(address, w, s)) return false;
    }
    return true;
  }
  static void Visit(const warts::Strings& value, warts::AddressVisitor visit) {
    for (const std::string& address : value) visit(address);
  }
};

// u32 count, then that many rounds of a time and two indices.
struct Schedule {
  static bool Read(Cursor& c, ReadState& s, warts::Repeated<DealiasMidardiscRound>* out) {
    uint32_t count = 0;
    if (!U32::Read(c, s, &count)) return false;
    for (uint32_t i = 0; i < count; ++i) {
      DealiasMidardiscRound* round = out->Add();
      uint32_t begin = 0;
      uint32_t end = 0;
      if (!TvDuration::Read(c, s, round->mutable_start()) || !U32::Read(c, s, &begin) ||
          !U32::Read(c, s, &end)) {
        return false;
      }
      round->set_begin(begin);
      round->set_end(end);
    }
    return true;
  }
  static bool Write(const warts::Repeated<DealiasMidardiscRound>& value, Writer& w, WriteState& s) {
    w.U32(static_cast<uint32_t>(value.size()));
    for (const DealiasMidardiscRound& round : value) {
      if (!TvDuration::Write(round.start(), w, s)) return false;
      w.U32(round.begin());
      w.U32(round.end());
    }
    return true;
  }
};

constexpr warts::Row<DealiasMercator> kMercatorRows[] = {
    WARTS_NUMBER(DealiasMercator, 1, U8, attempts),
    WARTS_OBJECT(DealiasMercator, 2, Seconds8, wait_timeout),
};

constexpr warts::Row<DealiasAlly> kAllyRows[] = {
    WARTS_OBJECT(DealiasAlly, 1, Millis16, wait_probe),
    WARTS_OBJECT(DealiasAlly, 2, Seconds8, wait_timeout),
    WARTS_NUMBER(DealiasAlly, 3, U8, attempts),
    WARTS_NUMBER(DealiasAlly, 4, U16, fudge),
    WARTS_NUMBER(DealiasAlly, 5, U8, flags),
};

constexpr warts::Row<DealiasRadargun> kRadargunRows[] = {
    WARTS_NUMBER(DealiasRadargun, 1, U32, probedef_count),
    WARTS_NUMBER(DealiasRadargun, 2, U16, rounds),
    WARTS_OBJECT(DealiasRadargun, 3, Millis16, wait_probe),
    WARTS_OBJECT(DealiasRadargun, 4, warts::Millis32, wait_round),
    WARTS_OBJECT(DealiasRadargun, 5, Seconds8, wait_timeout),
    WARTS_NUMBER(DealiasRadargun, 6, U8, flags),
};

constexpr warts::Row<DealiasPrefixscan> kPrefixscanRows[] = {
    WARTS_OBJECT(DealiasPrefixscan, 1, Addr, a),
    WARTS_OBJECT(DealiasPrefixscan, 2, Addr, b),
    WARTS_OBJECT(DealiasPrefixscan, 3, Addr, ab),
    WARTS_LIST(DealiasPrefixscan, 4, AddrList16, xs),
    WARTS_NUMBER(DealiasPrefixscan, 5, U8, prefix),
    WARTS_NUMBER(DealiasPrefixscan, 6, U8, attempts),
    WARTS_NUMBER(DealiasPrefixscan, 7, U16, fudge),
    WARTS_OBJECT(DealiasPrefixscan, 8, Millis16, wait_probe),
    WARTS_OBJECT(DealiasPrefixscan, 9, Seconds8, wait_timeout),
    WARTS_NUMBER(DealiasPrefixscan, 10, U16, probedef_count),
    WARTS_NUMBER(DealiasPrefixscan, 11, U8, flags),
    WARTS_NUMBER(DealiasPrefixscan, 12, U8, reply_count),
};

constexpr warts::Row<DealiasBump> kBumpRows[] = {
    WARTS_OBJECT(DealiasBump, 1, Millis16, wait_probe),
    WARTS_NUMBER(DealiasBump, 2, U16, bump_limit),
    WARTS_NUMBER(DealiasBump, 3, U8, attempts),
};

constexpr warts::Row<DealiasMidarest> kMidarestRows[] = {
    WARTS_NUMBER(DealiasMidarest, 1, U16, probedef_count),
    WARTS_NUMBER(DealiasMidarest, 2, U8, rounds),
    WARTS_OBJECT(DealiasMidarest, 3, Us32, wait_probe),
    WARTS_OBJECT(DealiasMidarest, 4, Us32, wait_round),
    WARTS_OBJECT(DealiasMidarest, 5, Us32, wait_timeout),
};

constexpr warts::Row<DealiasMidardisc> kMidardiscRows[] = {
    WARTS_NUMBER(DealiasMidardisc, 1, U32, probedef_count),
    WARTS_OBJECT(DealiasMidardisc, 2, Us32, wait_timeout),
    WARTS_LIST(DealiasMidardisc, 3, Schedule, schedule),
    WARTS_OBJECT(DealiasMidardisc, 4, warts::Tv, startat),
};

}  // namespace

std::span<const warts::Row<DealiasMercator>> TechniqueRows(const DealiasMercator&) {
  return kMercatorRows;
}
std::span<const warts::Row<DealiasAlly>> TechniqueRows(const DealiasAlly&) { return kAllyRows; }
std::span<const warts::Row<DealiasRadargun>> TechniqueRows(const DealiasRadargun&) {
  return kRadargunRows;
}
std::span<const warts::Row<DealiasPrefixscan>> TechniqueRows(const DealiasPrefixscan&) {
  return kPrefixscanRows;
}
std::span<const warts::Row<DealiasBump>> TechniqueRows(const DealiasBump&) { return kBumpRows; }
std::span<const warts::Row<DealiasMidarest>> TechniqueRows(const DealiasMidarest&) {
  return kMidarestRows;
}
std::span<const warts::Row<DealiasMidardisc>> TechniqueRows(const DealiasMidardisc&) {
  return kMidardiscRows;
}

}  // namespace scamper::records
