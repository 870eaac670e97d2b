// SPDX-License-Identifier: Apache-2.0
#include "server/records/dealias/dealias_warts.h"

#include "server/records/dealias/dealias_techniques.h"
#include "server/records/items.h"

namespace scamper::records {
namespace {

using v1::Dealias;
using v1::DealiasProbe;
using v1::DealiasProbedef;
using v1::DealiasReply;
using warts::Addr;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr warts::Row<Dealias> kDealiasRows[] = {
    WARTS_NUMBER(Dealias, 1, U32, list_id), WARTS_NUMBER(Dealias, 2, U32, cycle_id),
    WARTS_OBJECT(Dealias, 3, Tv, start),    WARTS_NUMBER(Dealias, 4, U8, method),
    WARTS_NUMBER(Dealias, 5, U8, result),   WARTS_NUMBER(Dealias, 6, U32, probe_count),
    WARTS_NUMBER(Dealias, 7, U32, userid),  WARTS_TEXT(Dealias, 8, errmsg),
};

struct Ports {
  static bool Read(Cursor& c, ReadState& s, v1::DealiasPorts* out) {
    uint32_t sport = 0;
    uint32_t dport = 0;
    if (!U16::Read(c, s, &sport) || !U16::Read(c, s, &dport)) return false;
    out->set_sport(sport);
    out->set_dport(dport);
    return true;
  }
  static bool Write(const v1::DealiasPorts& value, Writer& w, WriteState& s) {
    return U16::Write(value.sport(), w, s) && U16::Write(value.dport(), w, s);
  }
};

constexpr warts::Row<DealiasProbedef> kProbedefRows[] = {
    WARTS_FILE_ADDRESS(DealiasProbedef, 1, dst),
    WARTS_FILE_ADDRESS(DealiasProbedef, 2, src),
    WARTS_NUMBER(DealiasProbedef, 3, U32, id),
    WARTS_NUMBER(DealiasProbedef, 4, U8, method),
    WARTS_NUMBER(DealiasProbedef, 5, U8, ttl),
    WARTS_NUMBER(DealiasProbedef, 6, U8, tos),
    WARTS_OBJECT(DealiasProbedef, 7, Ports, ports),
    WARTS_NUMBER(DealiasProbedef, 8, U8, tcp_flags),
    WARTS_NUMBER(DealiasProbedef, 9, U16, icmp_id),
    WARTS_OBJECT(DealiasProbedef, 10, Addr, dst),
    WARTS_OBJECT(DealiasProbedef, 11, Addr, src),
    WARTS_NUMBER(DealiasProbedef, 12, U16, size),
    WARTS_NUMBER(DealiasProbedef, 13, U16, mtu),
    WARTS_NUMBER(DealiasProbedef, 14, U16, icmp_sum),
};

constexpr warts::Row<DealiasProbe> kProbeRows[] = {
    WARTS_NUMBER(DealiasProbe, 1, U32, probedef),    WARTS_OBJECT(DealiasProbe, 2, Tv, tx),
    WARTS_NUMBER(DealiasProbe, 3, U16, reply_count), WARTS_NUMBER(DealiasProbe, 4, U16, ipid),
    WARTS_NUMBER(DealiasProbe, 5, U32, seq),
};

// The format has no form for an extension without objects.
bool HasIcmpExts(const DealiasReply& reply, warts::FlagSet) { return reply.icmp_exts_size() > 0; }

constexpr warts::Row<DealiasReply> kReplyRows[] = {
    WARTS_FILE_ADDRESS(DealiasReply, 1, src),
    WARTS_OBJECT(DealiasReply, 2, Tv, rx),
    WARTS_NUMBER(DealiasReply, 3, U16, ipid),
    WARTS_NUMBER(DealiasReply, 4, U8, ttl),
    WARTS_OBJECT(DealiasReply, 5, warts::IcmpTypeCode, icmp),
    WARTS_NUMBER(DealiasReply, 6, U8, icmp_q_ttl),
    WARTS_OBJECT_IF(DealiasReply, 7, warts::IcmpExts, icmp_exts, HasIcmpExts),
    WARTS_NUMBER(DealiasReply, 8, U8, proto),
    WARTS_NUMBER(DealiasReply, 9, U8, tcp_flags),
    WARTS_OBJECT(DealiasReply, 10, Addr, src),
    WARTS_NUMBER(DealiasReply, 11, U32, ipid32),
    WARTS_NUMBER(DealiasReply, 12, U8, flags),
    WARTS_NUMBER(DealiasReply, 13, U16, size),
};

// Calls f with the message of the method; false where the method is unknown.
template <typename F>
bool WithTechniqueOf(v1::DealiasMethod method, Dealias* dealias, F f) {
  switch (method) {
    case v1::DEALIAS_METHOD_MERCATOR:
      return f(dealias->mutable_mercator());
    case v1::DEALIAS_METHOD_ALLY:
      return f(dealias->mutable_ally());
    case v1::DEALIAS_METHOD_RADARGUN:
      return f(dealias->mutable_radargun());
    case v1::DEALIAS_METHOD_PREFIXSCAN:
      return f(dealias->mutable_prefixscan());
    case v1::DEALIAS_METHOD_BUMP:
      return f(dealias->mutable_bump());
    case v1::DEALIAS_METHOD_MIDAREST:
      return f(dealias->mutable_midarest());
    case v1::DEALIAS_METHOD_MIDARDISC:
      return f(dealias->mutable_midardisc());
    default:
      return false;
  }
}

// Calls f with the technique; false where there is none.
template <typename F>
bool WithTechnique(const Dealias& dealias, F f) {
  switch (dealias.technique_case()) {
    case Dealias::kMercator:
      return f(dealias.mercator());
    case Dealias::kAlly:
      return f(dealias.ally());
    case Dealias::kRadargun:
      return f(dealias.radargun());
    case Dealias::kPrefixscan:
      return f(dealias.prefixscan());
    case Dealias::kBump:
      return f(dealias.bump());
    case Dealias::kMidarest:
      return f(dealias.midarest());
    case Dealias::kMidardisc:
      return f(dealias.midardisc());
    default:
      return false;
  }
}

// Number of definitions, and the least that there may be.
struct Definitions {
  uint32_t count;
  uint32_t min;
};
Definitions DefinitionsOf(const v1::DealiasMercator&) { return {1, 1}; }
Definitions DefinitionsOf(const v1::DealiasAlly&) { return {2, 2}; }
Definitions DefinitionsOf(const v1::DealiasBump&) { return {2, 2}; }
Definitions DefinitionsOf(const v1::DealiasPrefixscan& technique) {
  return {technique.probedef_count(), 0};
}
template <typename M>
Definitions DefinitionsOf(const M& technique) {
  return {technique.probedef_count(), 1};
}

bool IsKnown(v1::DealiasMethod method) {
  return method >= v1::DEALIAS_METHOD_MERCATOR && method <= v1::DEALIAS_METHOD_MIDARDISC;
}

bool ReadProbedef(Cursor& body, ReadState& state, DealiasProbedef* def) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kProbedefRows>(body, state, def)) return false;
  state.place.field = "dst";
  return def->has_dst() || state.Fail(at, "a destination");
}

bool ReadReply(Cursor& body, ReadState& state, DealiasReply* reply) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kReplyRows>(body, state, reply)) return false;
  state.place.field = "src";
  return reply->has_src() || state.Fail(at, "an address of the reply");
}

bool ReadProbe(int probedefs, Cursor& body, ReadState& state, DealiasProbe* probe) {
  const size_t at = body.offset();
  if (!warts::ReadParams<kProbeRows>(body, state, probe)) return false;
  state.place.field = "probedef";
  if (probe->probedef() >= static_cast<uint32_t>(probedefs))
    return state.Fail(at, "the index of a definition");
  return ReadItems("reply_count", "reply", probe->reply_count(), body, state,
                   probe->mutable_replies(), ReadReply);
}

// The block of the method and the definitions.
template <typename M>
bool ReadTechnique(Cursor& body, ReadState& state, Dealias* out, M* technique) {
  const size_t at = body.offset();
  state.place = {"technique", 0, nullptr};
  if (!warts::ReadParams(TechniqueRows(*technique), body, state, technique)) return false;
  const Definitions definitions = DefinitionsOf(*technique);
  state.place.field = "probedef_count";
  if (definitions.count < definitions.min) return state.Fail(at, "at least one definition");
  state.place = {};
  return ReadItems("probedefs", "probedef", definitions.count, body, state,
                   out->mutable_probedefs(), ReadProbedef);
}

bool WriteProbedef(const DealiasProbedef& def, Writer& writer, WriteState& state) {
  state.place.field = "dst";
  if (!def.has_dst()) return state.Fail("must be present");
  return warts::WriteParams<kProbedefRows>(def, writer, state);
}

bool WriteReply(const DealiasReply& reply, Writer& writer, WriteState& state) {
  state.place.field = "src";
  if (!reply.has_src()) return state.Fail("must be present");
  return warts::WriteParams<kReplyRows>(reply, writer, state);
}

bool WriteProbe(int probedefs, const DealiasProbe& probe, Writer& writer, WriteState& state) {
  state.place.field = "probedef";
  if (probe.probedef() >= static_cast<uint32_t>(probedefs))
    return state.Fail("must be the index of a definition");
  return warts::WriteParams<kProbeRows>(probe, writer, state) &&
         WriteItems("reply_count", "reply", probe.reply_count(), probe.replies(), writer, state,
                    WriteReply);
}

template <typename M>
bool WriteTechnique(const Dealias& dealias, const M& technique, Writer& writer, WriteState& state) {
  const Definitions definitions = DefinitionsOf(technique);
  state.place = {"technique", 0, "probedef_count"};
  if (definitions.count < definitions.min) return state.Fail("must be at least 1");
  if (!warts::WriteParams(TechniqueRows(technique), technique, writer, state)) return false;
  state.place = {};
  return WriteItems("probedefs", "probedef", definitions.count, dealias.probedefs(), writer, state,
                    WriteProbedef);
}

// Whether the method is that of the technique; an unknown one has none, and no items.
bool CheckMethod(const Dealias& dealias, WriteState& state) {
  const bool known = IsKnown(dealias.method());
  state.place.field = "method";
  if (known != (dealias.technique_case() != Dealias::TECHNIQUE_NOT_SET))
    return state.Fail("must be that of the technique");
  if (known) {
    const int number = static_cast<int>(dealias.technique_case()) - Dealias::kMercator + 1;
    return number == dealias.method() || state.Fail("must be that of the technique");
  }
  state.place.field = "probes";
  return (dealias.probedefs_size() == 0 && dealias.probes_size() == 0) ||
         state.Fail("must be empty where the method is unknown");
}

}  // namespace

bool ReadDealiasTask(Cursor& body, ReadState& state, Dealias* out) {
  if (!warts::ReadParams<kDealiasRows>(body, state, out)) return false;
  if (!IsKnown(out->method())) return true;
  return WithTechniqueOf(out->method(), out, [&](auto* technique) {
    return ReadTechnique(body, state, out, technique);
  });
}

bool ReadDealias(Cursor& body, ReadState& state, Dealias* out) {
  if (!ReadDealiasTask(body, state, out)) return false;
  if (IsKnown(out->method())) {
    const auto read_probe = [out](Cursor& probes, ReadState& probe_state, DealiasProbe* probe) {
      return ReadProbe(out->probedefs_size(), probes, probe_state, probe);
    };
    if (!ReadItems("probe_count", "probe", out->probe_count(), body, state, out->mutable_probes(),
                   read_probe)) {
      return false;
    }
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteDealias(const Dealias& dealias, Writer& writer, WriteState& state) {
  if (!CheckMethod(dealias, state)) return false;
  if (!warts::WriteParams<kDealiasRows>(dealias, writer, state)) return false;
  if (IsKnown(dealias.method())) {
    const auto write_technique = [&](const auto& technique) {
      return WriteTechnique(dealias, technique, writer, state);
    };
    if (!WithTechnique(dealias, write_technique)) return false;
    const auto write_probe = [&](const DealiasProbe& probe, Writer& w, WriteState& s) {
      return WriteProbe(dealias.probedefs_size(), probe, w, s);
    };
    if (!WriteItems("probe_count", "probe", dealias.probe_count(), dealias.probes(), writer, state,
                    write_probe)) {
      return false;
    }
  }
  writer.Bytes(dealias.trailing());
  return true;
}

void VisitDealias(const Dealias& dealias, warts::AddressVisitor visit) {
  WithTechnique(dealias, [&](const auto& technique) {
    warts::VisitParams(TechniqueRows(technique), technique, visit);
    return true;
  });
  for (const DealiasProbedef& def : dealias.probedefs())
    warts::VisitParams(kProbedefRows, def, visit);
  for (const DealiasProbe& probe : dealias.probes()) {
    for (const DealiasReply& reply : probe.replies()) warts::VisitParams(kReplyRows, reply, visit);
  }
}

std::span<const warts::Row<Dealias>> DealiasRows() { return kDealiasRows; }
std::span<const warts::Row<DealiasProbedef>> DealiasProbedefRows() { return kProbedefRows; }
std::span<const warts::Row<DealiasProbe>> DealiasProbeRows() { return kProbeRows; }
std::span<const warts::Row<DealiasReply>> DealiasReplyRows() { return kReplyRows; }

}  // namespace scamper::records
