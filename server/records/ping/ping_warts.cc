// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_warts.h"

#include <algorithm>
#include <limits>

#include "server/warts/data_rows.h"

namespace scamper::records {
namespace {

using v1::Ping;
using v1::PingReply;
using warts::Addr;
using warts::AddrList;
using warts::AddrStatic;
using warts::Bit;
using warts::Cursor;
using warts::FlagSet;
using warts::IcmpTypeCode;
using warts::Ifname;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Us32;
using warts::Writer;
using warts::WriteState;

constexpr uint32_t kMicrosPerSecond = 1000000;
constexpr uint32_t kMaxWaitSeconds = 255;

// Adds the microsecond part of a duration whose seconds were read before.
bool ReadMicros(Cursor& c, ReadState& s, google::protobuf::Duration* out) {
  uint32_t micros = 0;
  if (!U32::Read(c, s, &micros)) return false;
  out->set_seconds(out->seconds() + micros / kMicrosPerSecond);
  out->set_nanos(static_cast<int32_t>(micros % kMicrosPerSecond) * 1000);
  return true;
}

bool ReadSeconds(Cursor& c, ReadState& s, google::protobuf::Duration* out) {
  return warts::Seconds8::Read(c, s, out);
}

// What the u8 seconds hold, and the rest as microseconds.
bool SplitWait(const google::protobuf::Duration& value, WriteState& s,
               warts::SecondsAndMicros* out) {
  warts::SecondsAndMicros time;
  const bool whole = time.Take(value);
  out->seconds = std::min(time.seconds, kMaxWaitSeconds);
  const uint64_t micros = uint64_t{time.seconds - out->seconds} * kMicrosPerSecond + time.micros;
  if (!whole || micros > std::numeric_limits<uint32_t>::max())
    return s.Fail("must be whole microseconds within 0 - 4549.967295 s");
  out->micros = static_cast<uint32_t>(micros);
  return true;
}

bool WriteSeconds(const google::protobuf::Duration& value, Writer& w, WriteState& s) {
  warts::SecondsAndMicros time;
  if (!SplitWait(value, s, &time)) return false;
  w.U8(time.seconds);
  return true;
}

bool WriteMicros(const google::protobuf::Duration& value, Writer& w, WriteState& s) {
  warts::SecondsAndMicros time;
  if (!SplitWait(value, s, &time)) return false;
  w.U32(time.micros);
  return true;
}

bool HasMicros(const google::protobuf::Duration& value) {
  return value.nanos() != 0 || value.seconds() > kMaxWaitSeconds;
}

// wait_probe: flag 12 its seconds, flag 28 its microseconds unless zero.
bool HasWaitSeconds(const Ping& p, FlagSet kept) {
  return p.has_wait_probe() &&
         (p.wait_probe().seconds() != 0 || (kept & Bit(28)) == 0 || (kept & Bit(12)) != 0);
}
bool HasWaitMicros(const Ping& p, FlagSet kept) {
  return p.has_wait_probe() && (HasMicros(p.wait_probe()) || (kept & Bit(28)) != 0);
}
bool ReadWaitSeconds(Cursor& c, ReadState& s, Ping* p) {
  return ReadSeconds(c, s, p->mutable_wait_probe());
}
bool ReadWaitMicros(Cursor& c, ReadState& s, Ping* p) {
  return ReadMicros(c, s, p->mutable_wait_probe());
}
bool WriteWaitSeconds(const Ping& p, Writer& w, WriteState& s) {
  return WriteSeconds(p.wait_probe(), w, s);
}
bool WriteWaitMicros(const Ping& p, Writer& w, WriteState& s) {
  return WriteMicros(p.wait_probe(), w, s);
}

// wait_timeout: flag 27 its seconds, left out beside flag 33 where they are those
// of wait_probe; flag 33 its microseconds unless zero.
bool HasTimeoutSeconds(const Ping& p, FlagSet kept) {
  if (!p.has_wait_timeout()) return false;
  if (p.wait_timeout().seconds() != p.wait_probe().seconds()) return true;
  if (p.wait_timeout().seconds() > kMaxWaitSeconds) return true;
  if ((kept & (Bit(27) | Bit(33))) != 0) return (kept & Bit(27)) != 0;
  return !HasMicros(p.wait_timeout());
}
bool HasTimeoutMicros(const Ping& p, FlagSet kept) {
  return p.has_wait_timeout() && (HasMicros(p.wait_timeout()) || (kept & Bit(33)) != 0);
}
bool ReadTimeoutSeconds(Cursor& c, ReadState& s, Ping* p) {
  return ReadSeconds(c, s, p->mutable_wait_timeout());
}
bool ReadTimeoutMicros(Cursor& c, ReadState& s, Ping* p) {
  if (!p->has_wait_timeout()) p->mutable_wait_timeout()->set_seconds(p->wait_probe().seconds());
  return ReadMicros(c, s, p->mutable_wait_timeout());
}
bool WriteTimeoutSeconds(const Ping& p, Writer& w, WriteState& s) {
  return WriteSeconds(p.wait_timeout(), w, s);
}
bool WriteTimeoutMicros(const Ping& p, Writer& w, WriteState& s) {
  return WriteMicros(p.wait_timeout(), w, s);
}

// method: one less than the enumeration.
bool HasMethod(const Ping& p, FlagSet) { return p.has_method(); }
bool ReadMethod(Cursor& c, ReadState& s, Ping* p) {
  uint32_t method = 0;
  if (!U8::Read(c, s, &method)) return false;
  p->set_method(static_cast<v1::PingMethod>(method + 1));
  return true;
}
bool WriteMethod(const Ping& p, Writer& w, WriteState& s) {
  const int method = p.method() - 1;
  if (method < 0 || method > 255) return s.Fail("must be a method");
  w.U8(static_cast<uint32_t>(method));
  return true;
}

constexpr warts::Row<Ping> kPingRows[] = {
    WARTS_NUMBER(Ping, 1, U32, list_id),
    WARTS_NUMBER(Ping, 2, U32, cycle_id),
    WARTS_FILE_ADDRESS(Ping, 3, src),
    WARTS_FILE_ADDRESS(Ping, 4, dst),
    WARTS_OBJECT(Ping, 5, Tv, start),
    WARTS_NUMBER(Ping, 6, U8, stop_reason),
    WARTS_NUMBER(Ping, 7, U8, stop_data),
    WARTS_KEPT_DATA_LENGTH(Ping, 8, 9, data_length, data),
    WARTS_KEPT_DATA(Ping, 9, data_length, data),
    WARTS_NUMBER(Ping, 10, U16, attempts),
    WARTS_NUMBER(Ping, 11, U16, probe_size),
    {12, "wait_probe", HasWaitSeconds, ReadWaitSeconds, WriteWaitSeconds},
    WARTS_NUMBER(Ping, 13, U8, ttl),
    WARTS_NUMBER(Ping, 14, U16, stop_count),
    WARTS_NUMBER(Ping, 15, U16, probe_count),
    {16, "method", HasMethod, ReadMethod, WriteMethod},
    WARTS_NUMBER(Ping, 17, U16, sport),
    WARTS_NUMBER(Ping, 18, U16, dport),
    WARTS_NUMBER(Ping, 19, U32, userid),
    WARTS_OBJECT(Ping, 20, Addr, src),
    WARTS_OBJECT(Ping, 21, Addr, dst),
    warts::SplitFlags<Ping, 22, 30>::kLow,
    WARTS_NUMBER(Ping, 23, U8, tos),
    WARTS_LIST(Ping, 24, AddrList, tsps),
    WARTS_NUMBER(Ping, 25, U16, icmp_sum),
    WARTS_NUMBER(Ping, 26, U16, mtu),
    {27, "wait_timeout", HasTimeoutSeconds, ReadTimeoutSeconds, WriteTimeoutSeconds},
    {28, "wait_probe", HasWaitMicros, ReadWaitMicros, WriteWaitMicros},
    WARTS_NUMBER(Ping, 29, U32, tcp_ack),
    warts::SplitFlags<Ping, 22, 30>::kWide,
    WARTS_NUMBER(Ping, 31, U32, tcp_seq),
    WARTS_OBJECT(Ping, 32, AddrStatic, rtr),
    {33, "wait_timeout", HasTimeoutMicros, ReadTimeoutMicros, WriteTimeoutMicros},
    WARTS_TEXT(Ping, 34, errmsg),
};

// u8 timestamps, u8 addresses (none or as many), then the ones and the others.
struct IpTimestamps {
  static bool Read(Cursor& c, ReadState& s, v1::IpTimestamps* out) {
    uint32_t timestamps = 0;
    uint32_t addresses = 0;
    if (!U8::Read(c, s, &timestamps)) return false;
    if (!U8::Read(c, s, &addresses)) return false;
    if (addresses != 0 && addresses != timestamps) {
      return s.Fail(c.offset() - 1, "no address, or one for each timestamp");
    }
    for (uint32_t i = 0; i < timestamps; ++i) {
      uint32_t value = 0;
      if (!U32::Read(c, s, &value)) return false;
      out->add_timestamps(value);
    }
    for (uint32_t i = 0; i < addresses; ++i) {
      if (!Addr::Read(c, s, out->add_addrs())) return false;
    }
    return true;
  }
  static bool Write(const v1::IpTimestamps& value, Writer& w, WriteState& s) {
    if (value.timestamps_size() > 255) return s.Fail("must hold at most 255 timestamps");
    if (value.addrs_size() != 0 && value.addrs_size() != value.timestamps_size()) {
      return s.Fail("must hold no address, or one for each timestamp");
    }
    w.U8(static_cast<uint32_t>(value.timestamps_size()));
    w.U8(static_cast<uint32_t>(value.addrs_size()));
    for (const uint32_t timestamp : value.timestamps()) w.U32(timestamp);
    for (const std::string& address : value.addrs()) {
      if (!Addr::Write(address, w, s)) return false;
    }
    return true;
  }
  static void Visit(const v1::IpTimestamps& value, warts::AddressVisitor visit) {
    for (const std::string& address : value.addrs()) visit(address);
  }
};

struct IcmpTimestamps {
  static bool Read(Cursor& c, ReadState& s, v1::IcmpTimestamps* out) {
    uint32_t originate = 0;
    uint32_t receive = 0;
    uint32_t transmit = 0;
    if (!U32::Read(c, s, &originate) || !U32::Read(c, s, &receive) || !U32::Read(c, s, &transmit))
      return false;
    out->set_originate(originate);
    out->set_receive(receive);
    out->set_transmit(transmit);
    return true;
  }
  static bool Write(const v1::IcmpTimestamps& value, Writer& w, WriteState&) {
    w.U32(value.originate());
    w.U32(value.receive());
    w.U32(value.transmit());
    return true;
  }
};

constexpr warts::Row<PingReply> kPingReplyRows[] = {
    WARTS_FILE_ADDRESS(PingReply, 1, src),
    WARTS_NUMBER(PingReply, 2, U8, flags),
    WARTS_NUMBER(PingReply, 3, U8, reply_ttl),
    WARTS_NUMBER(PingReply, 4, U16, reply_size),
    WARTS_OBJECT(PingReply, 5, IcmpTypeCode, icmp),
    WARTS_OBJECT(PingReply, 6, Us32, rtt),
    WARTS_NUMBER(PingReply, 7, U16, probe_id),
    WARTS_NUMBER(PingReply, 8, U16, reply_ipid16),
    WARTS_NUMBER(PingReply, 9, U16, probe_ipid),
    WARTS_NUMBER(PingReply, 10, U8, reply_proto),
    WARTS_NUMBER(PingReply, 11, U8, tcp_flags),
    WARTS_OBJECT(PingReply, 12, Addr, src),
    WARTS_LIST(PingReply, 13, AddrList, record_route),
    WARTS_OBJECT(PingReply, 14, IpTimestamps, timestamps),
    WARTS_NUMBER(PingReply, 15, U32, reply_ipid32),
    WARTS_OBJECT(PingReply, 16, Tv, tx),
    WARTS_OBJECT(PingReply, 17, IcmpTimestamps, icmp_timestamps),
    WARTS_NUMBER(PingReply, 18, U16, probe_sport),
    WARTS_NUMBER(PingReply, 19, U8, reply_tos),
    WARTS_OBJECT(PingReply, 20, Ifname, ifname),
    WARTS_NUMBER(PingReply, 21, U16, icmp_nhmtu),
};

bool ReadReply(Cursor& body, ReadState& state, const Ping& ping, PingReply* reply) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kPingReplyRows>(body, state, reply)) return false;
  state.place.field = "src";
  if (!reply->has_src()) return state.Fail(at, "an address of the reply");
  state.place.field = "probe_id";
  return reply->probe_id() < ping.probe_count() ||
         state.Fail(at, "the index of a probe that was sent");
}

}  // namespace

bool ReadPingParams(Cursor& body, ReadState& state, Ping* out) {
  const size_t at = body.offset();
  state.pending_size = 0;
  if (!warts::ReadParams<kPingRows>(body, state, out)) return false;
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadPing(Cursor& body, ReadState& state, Ping* out) {
  if (!ReadPingParams(body, state, out)) return false;
  state.place.field = "replies";
  uint32_t count = 0;
  if (!U16::Read(body, state, &count)) return false;
  if (count > body.left()) return state.Fail(body.offset(), "as many replies as the count says");
  out->mutable_replies()->Reserve(static_cast<int>(count));
  state.place.item = "reply";
  for (uint32_t i = 0; i < count; ++i) {
    state.place.index = i;
    if (!ReadReply(body, state, *out, out->add_replies())) return false;
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WritePing(const Ping& ping, Writer& writer, WriteState& state) {
  state.place.field = "dst";
  if (!ping.has_dst()) return state.Fail("must be present");
  if (!warts::WriteParams<kPingRows>(ping, writer, state)) return false;
  state.place.field = "replies";
  if (ping.replies_size() > 0xffff) return state.Fail("must be at most 65535");
  writer.U16(static_cast<uint32_t>(ping.replies_size()));
  state.place.item = "reply";
  for (int i = 0; i < ping.replies_size(); ++i) {
    const PingReply& reply = ping.replies(i);
    state.place.index = static_cast<uint32_t>(i);
    state.place.field = "src";
    if (!reply.has_src()) return state.Fail("must be present");
    state.place.field = "probe_id";
    if (reply.probe_id() >= ping.probe_count()) return state.Fail("must be below probe_count");
    if (!warts::WriteParams<kPingReplyRows>(reply, writer, state)) return false;
  }
  writer.Bytes(ping.trailing());
  return true;
}

void VisitPing(const Ping& ping, warts::AddressVisitor visit) {
  warts::VisitParams(kPingRows, ping, visit);
  for (const PingReply& reply : ping.replies()) warts::VisitParams(kPingReplyRows, reply, visit);
}

std::span<const warts::Row<Ping>> PingRows() { return kPingRows; }
std::span<const warts::Row<PingReply>> PingReplyRows() { return kPingReplyRows; }

}  // namespace scamper::records
