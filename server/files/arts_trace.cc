// SPDX-License-Identifier: Apache-2.0
#include "server/files/arts_trace.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/warts/address.h"
#include "server/warts/kinds.h"

namespace scamper::files {
namespace {

using v1::Trace;
using v1::TraceHop;
using warts::Cursor;
using warts::ReadState;

constexpr uint32_t kHopsHaveRtt = 1;
constexpr size_t kAttributeHeaderSize = 8;
// Identifier 2, format 13.
constexpr uint32_t kCreation = 2;
constexpr uint32_t kTime32 = 13;
constexpr uint32_t kProbeSize = 40;

bool ReadU8(const char* field, Cursor& data, ReadState& state, uint32_t* out) {
  state.place.field = field;
  return warts::U8::Read(data, state, out);
}

bool ReadU32(const char* field, Cursor& data, ReadState& state, uint32_t* out) {
  state.place.field = field;
  return warts::U32::Read(data, state, out);
}

bool ReadAddress(const char* field, Cursor& data, ReadState& state, std::string* out) {
  state.place.field = field;
  absl::string_view bytes;
  if (!data.Bytes(4, &bytes)) return state.Fail(data.offset(), "4 bytes of an IPv4 address");
  warts::FormatAddress({warts::kIpv4, bytes}, out);
  return true;
}

void SetMicros(uint32_t micros, google::protobuf::Duration* out) {
  out->set_seconds(micros / 1000000);
  out->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
}

bool ReadAttributes(Cursor attributes, ReadState& state, Trace* out) {
  out->mutable_start();
  while (attributes.left() > 0) {
    state.place.field = "attributes";
    const size_t at = attributes.offset();
    uint32_t kind = 0;
    uint32_t length = 0;
    if (!attributes.U32(&kind) || !attributes.U32(&length))
      return state.Fail(at, "an 8-byte attribute header");
    Cursor value(absl::string_view{});
    if (length < kAttributeHeaderSize || !attributes.Take(length - kAttributeHeaderSize, &value))
      return state.Fail(at + 4, "an attribute length of at least 8 within the attributes");
    if (kind >> 8 != kCreation) continue;
    state.place.field = "start";
    if ((kind & 0xff) != kTime32) return state.Fail(at, "a time of format 13");
    uint32_t seconds = 0;
    if (!warts::U32::Read(value, state, &seconds)) return false;
    out->mutable_start()->set_seconds(seconds);
  }
  return true;
}

// What the trace says of its destination.
struct Destination {
  bool replied = false;
  uint32_t distance = 0;
  uint32_t rtt = 0;
  std::optional<uint32_t> reply_ttl;
};

bool ReadRtt(uint32_t version, Cursor& data, ReadState& state, uint32_t* out) {
  if (!ReadU32("rtt", data, state, out)) return false;
  if (version >= 2) return true;
  // Seconds, then microseconds; wraps as it does in scamper.
  uint32_t micros = 0;
  if (!ReadU32("rtt", data, state, &micros)) return false;
  *out = *out * 1000000 + micros;
  return true;
}

bool ReadHalt(Cursor& data, ReadState& state, Trace* out) {
  uint32_t reason = 0;
  uint32_t halt_data = 0;
  if (!ReadU8("stop_reason", data, state, &reason)) return false;
  if (!ReadU8("stop_data", data, state, &halt_data)) return false;
  out->set_stop_data(halt_data);
  constexpr v1::TraceStopReason kReasons[] = {
      v1::TRACE_STOP_REASON_UNSPECIFIED, v1::TRACE_STOP_REASON_UNREACH, v1::TRACE_STOP_REASON_LOOP,
      v1::TRACE_STOP_REASON_GAPLIMIT};
  if (reason < std::size(kReasons)) out->set_stop_reason(kReasons[reason]);
  return true;
}

void SetIcmp(uint32_t type, uint32_t code, TraceHop* hop) {
  hop->mutable_icmp()->set_type(type);
  hop->mutable_icmp()->set_code(code);
}

// The attempt as the file counts it: none is 0, 0 is 1.
void SetAttempt(uint32_t attempt, TraceHop* hop) {
  if (attempt > 0) hop->set_probe_id(attempt - 1);
}

bool ReadHop(bool has_rtt, Cursor& data, ReadState& state, TraceHop* hop) {
  uint32_t ttl = 0;
  uint32_t rtt = 0;
  uint32_t attempt = 0;
  const size_t at = data.offset();
  if (!ReadU8("probe_ttl", data, state, &ttl)) return false;
  if (ttl == 0) return state.Fail(at, "a TTL of the probe that is not 0");
  if (!ReadAddress("src", data, state, hop->mutable_src())) return false;
  if (has_rtt && !ReadU32("rtt", data, state, &rtt)) return false;
  if (has_rtt && !ReadU8("probe_id", data, state, &attempt)) return false;
  hop->set_probe_ttl(ttl);
  SetAttempt(attempt, hop);
  SetMicros(rtt, hop->mutable_rtt());
  SetIcmp(11, 0, hop);
  hop->set_icmp_q_ttl(0);
  return true;
}

// Attempts, as they are in the file, by their order.
uint32_t Attempt(const TraceHop& hop) { return hop.has_probe_id() ? hop.probe_id() + 1 : 0; }

bool Before(const TraceHop& a, const TraceHop& b) {
  if (a.probe_ttl() != b.probe_ttl()) return a.probe_ttl() < b.probe_ttl();
  return Attempt(a) < Attempt(b);
}

bool ReadHops(uint32_t count, bool has_rtt, Cursor& data, ReadState& state,
              std::vector<TraceHop>* out) {
  out->resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    state.place = {"hop", i, nullptr};
    if (!ReadHop(has_rtt, data, state, &(*out)[i])) return false;
  }
  state.place = {};
  std::stable_sort(out->begin(), out->end(), Before);
  return true;
}

void AddDestination(const Destination& destination, const std::string& dst,
                    std::vector<TraceHop>* hops) {
  if (!destination.replied || destination.distance == 0) return;
  TraceHop hop;
  hop.set_probe_ttl(destination.distance);
  if (destination.reply_ttl) {
    hop.set_reply_ttl(*destination.reply_ttl);
    hop.set_flags(v1::TRACE_HOP_FLAG_REPLY_TTL);
  }
  SetMicros(destination.rtt, hop.mutable_rtt());
  SetIcmp(0, 0, &hop);
  hop.set_src(dst);
  hops->insert(std::lower_bound(hops->begin(), hops->end(), hop, Before), hop);
}

void SetHops(const Destination& destination, std::vector<TraceHop> hops, Trace* out) {
  if (out->stop_reason() == v1::TRACE_STOP_REASON_UNREACH && !hops.empty())
    SetIcmp(3, out->stop_data(), &hops.back());
  uint32_t count = destination.replied ? destination.distance : 0;
  if (!hops.empty()) count = std::max(count, hops.back().probe_ttl());
  out->set_hop_count(count);
  AddDestination(destination, out->dst(), &hops);
  for (TraceHop& hop : hops) *out->add_hops() = std::move(hop);
}

bool ReadIds(uint32_t version, Cursor& data, ReadState& state, ArtsIds* ids) {
  *ids = {};
  if (version < 3) return true;
  uint32_t list = 0;
  uint32_t cycle = 0;
  if (!ReadU32("list_id", data, state, &list)) return false;
  if (!ReadU32("cycle_id", data, state, &cycle)) return false;
  *ids = {list, cycle};
  return true;
}

// All behind the attributes.
bool ReadData(const ArtsHeader& header, Cursor data, ReadState& state, Trace* out, ArtsIds* ids) {
  Destination destination;
  uint32_t replied_and_count = 0;
  if (!ReadAddress("src", data, state, out->mutable_src()) ||
      !ReadAddress("dst", data, state, out->mutable_dst()) ||
      !ReadIds(header.version, data, state, ids) ||
      !ReadRtt(header.version, data, state, &destination.rtt) ||
      !ReadU8("distance", data, state, &destination.distance) ||
      !ReadU8("hops", data, state, &replied_and_count)) {
    return false;
  }
  destination.replied = (replied_and_count & 0x80) != 0;
  const uint32_t count = replied_and_count & 0x7f;
  if (destination.replied) out->set_stop_reason(v1::TRACE_STOP_REASON_COMPLETED);
  const bool has_halt = header.version >= 2 || (header.version == 1 && destination.replied);
  if (has_halt && !ReadHalt(data, state, out)) return false;
  std::vector<TraceHop> hops;
  if (count > 0 || destination.replied) {
    if (header.version >= 2) {
      destination.reply_ttl = 0;
      if (!ReadU8("reply_ttl", data, state, &*destination.reply_ttl)) return false;
    }
    const bool has_rtt =
        header.version == 1 || (header.version >= 2 && (header.flags & kHopsHaveRtt) != 0);
    if (!ReadHops(count, has_rtt, data, state, &hops)) return false;
    state.place.field = "hops";
    if (data.left() > 0) return state.Fail(data.offset(), "the end of the object");
  }
  SetHops(destination, std::move(hops), out);
  return true;
}

}  // namespace

std::optional<ArtsHeader> ReadArtsHeader(absl::string_view bytes) {
  absl::string_view magic;
  Cursor cursor(bytes);
  uint32_t ignored = 0;
  ArtsHeader header;
  if (!cursor.Bytes(kArtsMagic.size(), &magic) || !cursor.U32(&header.id) ||
      !cursor.U32(&header.flags) || !cursor.U16(&ignored) ||
      !cursor.U32(&header.attributes_length) || !cursor.U32(&header.data_length)) {
    return std::nullopt;
  }
  if (magic != kArtsMagic) return std::nullopt;
  header.version = header.id & 0xf;
  header.id >>= 4;
  return header;
}

bool ReadArtsTrace(const ArtsHeader& header, Cursor body, ReadState& state, Trace* out,
                   ArtsIds* ids) {
  Cursor attributes(absl::string_view{});
  if (!body.Take(header.attributes_length, &attributes))
    return state.Fail(body.offset(), "as many bytes of attributes as the header says");
  out->set_method(v1::TRACE_METHOD_ICMP);
  out->set_probe_size(kProbeSize);
  return ReadAttributes(attributes, state, out) && ReadData(header, body, state, out, ids);
}

}  // namespace scamper::files
