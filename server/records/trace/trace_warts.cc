// SPDX-License-Identifier: Apache-2.0
#include "server/records/trace/trace_warts.h"

#include "server/records/trace/trace_rows.h"

namespace scamper::records {
namespace {

using v1::Trace;
using v1::TraceHop;
using warts::Cursor;
using warts::ReadState;
using warts::U16;
using warts::Writer;
using warts::WriteState;

using Hops = warts::Repeated<TraceHop>;

// Attributes by their type.
constexpr uint32_t kPmtud = 1;
constexpr uint32_t kLastDitch = 2;
constexpr uint32_t kDoubletree = 3;
// An attribute's header holds its length in 12 bits.
constexpr size_t kMaxAttribute = 0xfff;
constexpr uint32_t kMaxAttributeType = 15;

constexpr std::span<const warts::Row<v1::TraceLastDitch>> kLastDitchRows;

bool ReadHop(Cursor& body, ReadState& state, TraceHop* hop) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kTraceHopRows>(body, state, hop)) return false;
  state.place.field = "probe_ttl";
  if (hop->probe_ttl() == 0) return state.Fail(at, "a TTL of the probe that is not 0");
  state.place.field = "src";
  return hop->has_src() || state.Fail(at, "an address of the hop");
}

// A count and that many hops; `item` names one.
bool ReadHops(const char* item, Cursor& body, ReadState& state, Hops* out) {
  state.place = {nullptr, 0, "hops"};
  uint32_t count = 0;
  if (!U16::Read(body, state, &count)) return false;
  if (count > body.left()) return state.Fail(body.offset(), "as many hops as the count says");
  out->Reserve(static_cast<int>(count));
  state.place.item = item;
  for (uint32_t i = 0; i < count; ++i) {
    state.place.index = i;
    if (!ReadHop(body, state, out->Add())) return false;
  }
  state.place = {};
  return true;
}

bool ReadPmtud(Cursor& body, ReadState& state, v1::TracePmtud* out) {
  if (!warts::ReadParams<kTracePmtudRows>(body, state, out)) return false;
  if (!ReadHops("pmtud hop", body, state, out->mutable_hops())) return false;
  state.place.item = "pmtud note";
  for (int i = 0; i < out->notes_size(); ++i) {
    const size_t at = body.offset();
    state.place.index = static_cast<uint32_t>(i);
    v1::TracePmtudNote* note = out->mutable_notes(i);
    if (!warts::ReadParams<kTracePmtudNoteRows>(body, state, note)) return false;
    state.place.field = "hop";
    const bool valid = !note->has_hop() || note->hop() < static_cast<uint32_t>(out->hops_size());
    if (!valid) return state.Fail(at, "the index of a path MTU hop");
  }
  state.place = {};
  return true;
}

bool ReadLastDitch(Cursor& body, ReadState& state, v1::TraceLastDitch* out) {
  return warts::ReadParams(kLastDitchRows, body, state, out) &&
         ReadHops("last-ditch hop", body, state, out->mutable_hops());
}

bool ReadDoubletree(Cursor& body, ReadState& state, v1::TraceDoubletree* out) {
  return warts::ReadParams<kTraceDoubletreeRows>(body, state, out);
}

// Reads an attribute and keeps the bytes behind its last item.
template <typename M, typename ReadF>
bool ReadKnown(ReadF read, Cursor& body, ReadState& state, M* out) {
  if (!read(body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool ReadAttribute(uint32_t type, Cursor& body, ReadState& state, Trace* out) {
  const bool seen = (type == kPmtud && out->has_pmtud()) ||
                    (type == kLastDitch && out->has_last_ditch()) ||
                    (type == kDoubletree && out->has_doubletree());
  if (seen) return state.Fail(body.offset(), "at most one attribute of its kind");
  switch (type) {
    case kPmtud:
      return ReadKnown(ReadPmtud, body, state, out->mutable_pmtud());
    case kLastDitch:
      return ReadKnown(ReadLastDitch, body, state, out->mutable_last_ditch());
    case kDoubletree:
      return ReadKnown(ReadDoubletree, body, state, out->mutable_doubletree());
    default: {
      v1::TraceAttribute* attribute = out->add_unknown_attributes();
      attribute->set_type(type);
      attribute->set_body(body.rest().data(), body.rest().size());
      return true;
    }
  }
}

// Attributes up to and including the header 0 that ends them.
bool ReadAttributes(Cursor& body, ReadState& state, Trace* out) {
  while (true) {
    state.place = {nullptr, 0, "attributes"};
    uint32_t header = 0;
    if (!U16::Read(body, state, &header)) return false;
    if (header == 0) return true;
    Cursor attribute(absl::string_view{});
    if (!body.Take(header & kMaxAttribute, &attribute)) {
      return state.Fail(body.offset(), "as many bytes as the attribute's length says");
    }
    if (!ReadAttribute(header >> 12, attribute, state, out)) return false;
  }
}

bool CheckHopCount(size_t at, ReadState& state, const Trace& trace) {
  state.place = {nullptr, 0, "hop_count"};
  if (trace.hop_count() == 0) return true;
  if (trace.hop_count() > 255) return state.Fail(at, "a hop count of at most 255");
  for (const TraceHop& hop : trace.hops()) {
    if (hop.probe_ttl() > trace.hop_count())
      return state.Fail(at, "a hop count that covers all hops");
  }
  return true;
}

bool CheckHopCount(const Trace& trace, WriteState& state) {
  state.place = {nullptr, 0, "hop_count"};
  if (trace.hop_count() == 0) return true;
  if (trace.hop_count() > 255) return state.Fail("must be at most 255");
  for (const TraceHop& hop : trace.hops()) {
    if (hop.probe_ttl() > trace.hop_count()) return state.Fail("must cover all hops");
  }
  return true;
}

bool WriteHops(const char* item, const Hops& hops, Writer& writer, WriteState& state) {
  state.place = {nullptr, 0, "hops"};
  if (hops.size() > 0xffff) return state.Fail("must be at most 65535");
  writer.U16(static_cast<uint32_t>(hops.size()));
  state.place.item = item;
  for (int i = 0; i < hops.size(); ++i) {
    state.place.index = static_cast<uint32_t>(i);
    state.place.field = "probe_ttl";
    if (hops[i].probe_ttl() == 0) return state.Fail("must be within 1 - 255");
    state.place.field = "src";
    if (!hops[i].has_src()) return state.Fail("must be present");
    if (!warts::WriteParams<kTraceHopRows>(hops[i], writer, state)) return false;
  }
  state.place = {};
  return true;
}

bool WritePmtud(const v1::TracePmtud& pmtud, Writer& writer, WriteState& state) {
  if (!warts::WriteParams<kTracePmtudRows>(pmtud, writer, state)) return false;
  if (!WriteHops("pmtud hop", pmtud.hops(), writer, state)) return false;
  state.place.item = "pmtud note";
  for (int i = 0; i < pmtud.notes_size(); ++i) {
    const v1::TracePmtudNote& note = pmtud.notes(i);
    state.place.index = static_cast<uint32_t>(i);
    state.place.field = "hop";
    const bool valid = !note.has_hop() || note.hop() < static_cast<uint32_t>(pmtud.hops_size());
    if (!valid) return state.Fail("must be the index of a path MTU hop");
    if (!warts::WriteParams<kTracePmtudNoteRows>(note, writer, state)) return false;
  }
  state.place = {};
  writer.Bytes(pmtud.trailing());
  return true;
}

bool WriteLastDitch(const v1::TraceLastDitch& last_ditch, Writer& writer, WriteState& state) {
  if (!warts::WriteParams(kLastDitchRows, last_ditch, writer, state)) return false;
  if (!WriteHops("last-ditch hop", last_ditch.hops(), writer, state)) return false;
  writer.Bytes(last_ditch.trailing());
  return true;
}

bool WriteDoubletree(const v1::TraceDoubletree& doubletree, Writer& writer, WriteState& state) {
  if (!warts::WriteParams<kTraceDoubletreeRows>(doubletree, writer, state)) return false;
  writer.Bytes(doubletree.trailing());
  return true;
}

bool WriteUnknown(const v1::TraceAttribute& attribute, Writer& writer, WriteState& state) {
  state.place = {nullptr, 0, "unknown_attributes"};
  const bool known = attribute.type() >= kPmtud && attribute.type() <= kDoubletree;
  if (known || attribute.type() > kMaxAttributeType)
    return state.Fail("must have a type within 4 - 15, or 0");
  // Its header would be the one that ends the attributes.
  if (attribute.type() == 0 && attribute.body().empty())
    return state.Fail("must have a body where the type is 0");
  writer.Bytes(attribute.body());
  return true;
}

// Header and body of one attribute.
template <typename M, typename WriteF>
bool WriteAttribute(const char* field, uint32_t type, const M& message, WriteF write,
                    Writer& writer, WriteState& state) {
  const size_t at = writer.size();
  writer.U16(0);
  if (!write(message, writer, state)) return false;
  const size_t length = writer.size() - at - 2;
  state.place = {nullptr, 0, field};
  if (length > kMaxAttribute) return state.Fail("must be at most 4095 bytes in the format");
  writer.PatchU16(at, static_cast<uint32_t>(type << 12 | length));
  return true;
}

bool WriteAttributes(const Trace& trace, Writer& writer, WriteState& state) {
  if (trace.has_pmtud() &&
      !WriteAttribute("pmtud", kPmtud, trace.pmtud(), WritePmtud, writer, state))
    return false;
  if (trace.has_last_ditch() && !WriteAttribute("last_ditch", kLastDitch, trace.last_ditch(),
                                                WriteLastDitch, writer, state)) {
    return false;
  }
  if (trace.has_doubletree() && !WriteAttribute("doubletree", kDoubletree, trace.doubletree(),
                                                WriteDoubletree, writer, state)) {
    return false;
  }
  for (const v1::TraceAttribute& attribute : trace.unknown_attributes()) {
    if (!WriteAttribute("unknown_attributes", attribute.type(), attribute, WriteUnknown, writer,
                        state))
      return false;
  }
  writer.U16(0);
  return true;
}

void VisitHops(const Hops& hops, warts::AddressVisitor visit) {
  for (const TraceHop& hop : hops) warts::VisitParams(kTraceHopRows, hop, visit);
}

}  // namespace

bool ReadTraceParams(Cursor& body, ReadState& state, Trace* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kTraceRows>(body, state, out)) return false;
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadTrace(Cursor& body, ReadState& state, Trace* out) {
  const size_t at = body.offset();
  if (!ReadTraceParams(body, state, out)) return false;
  if (!ReadHops("hop", body, state, out->mutable_hops())) return false;
  if (!CheckHopCount(at, state, *out)) return false;
  if (!ReadAttributes(body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteTrace(const Trace& trace, Writer& writer, WriteState& state) {
  state.place.field = "dst";
  if (!trace.has_dst()) return state.Fail("must be present");
  if (!CheckHopCount(trace, state)) return false;
  if (!warts::WriteParams<kTraceRows>(trace, writer, state)) return false;
  if (!WriteHops("hop", trace.hops(), writer, state)) return false;
  if (!WriteAttributes(trace, writer, state)) return false;
  writer.Bytes(trace.trailing());
  return true;
}

void VisitTrace(const Trace& trace, warts::AddressVisitor visit) {
  warts::VisitParams(kTraceRows, trace, visit);
  VisitHops(trace.hops(), visit);
  VisitHops(trace.pmtud().hops(), visit);
  VisitHops(trace.last_ditch().hops(), visit);
  warts::VisitParams(kTraceDoubletreeRows, trace.doubletree(), visit);
}

std::span<const warts::Row<Trace>> TraceRows() { return kTraceRows; }
std::span<const warts::Row<TraceHop>> TraceHopRows() { return kTraceHopRows; }
std::span<const warts::Row<v1::TracePmtud>> TracePmtudRows() { return kTracePmtudRows; }
std::span<const warts::Row<v1::TracePmtudNote>> TracePmtudNoteRows() { return kTracePmtudNoteRows; }
std::span<const warts::Row<v1::TraceDoubletree>> TraceDoubletreeRows() {
  return kTraceDoubletreeRows;
}

}  // namespace scamper::records
