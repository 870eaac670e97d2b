// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_warts.h"

#include "server/records/items.h"
#include "server/warts/data_rows.h"

namespace scamper::records {
namespace {

using v1::Tbit;
using v1::TbitBgp;
using v1::TbitBlind;
using v1::TbitHttp;
using v1::TbitIcw;
using v1::TbitNull;
using v1::TbitPacket;
using v1::TbitPmtud;
using warts::Addr;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

// u8 length, then the bytes.
struct Cookie {
  static constexpr uint32_t kMaxSize = 16;
  static bool Read(Cursor& c, ReadState& s, std::string* out) {
    const size_t at = c.offset();
    uint32_t size = 0;
    absl::string_view bytes;
    if (!U8::Read(c, s, &size)) return false;
    if (size > kMaxSize) return s.Fail(at, "a cookie of at most 16 bytes");
    if (!c.Bytes(size, &bytes)) return s.Fail(at, "as many bytes as the cookie's length says");
    out->assign(bytes.data(), bytes.size());
    return true;
  }
  static bool Write(const std::string& value, Writer& w, WriteState& s) {
    if (value.size() > kMaxSize) return s.Fail("must be at most 16 bytes");
    w.U8(static_cast<uint32_t>(value.size()));
    w.Bytes(value);
    return true;
  }
};

constexpr warts::Row<Tbit> kTbitRows[] = {
    WARTS_NUMBER(Tbit, 1, U32, list_id),       WARTS_NUMBER(Tbit, 2, U32, cycle_id),
    WARTS_NUMBER(Tbit, 3, U32, userid),        WARTS_OBJECT(Tbit, 4, Addr, src),
    WARTS_OBJECT(Tbit, 5, Addr, dst),          WARTS_NUMBER(Tbit, 6, U16, sport),
    WARTS_NUMBER(Tbit, 7, U16, dport),         WARTS_OBJECT(Tbit, 8, Tv, start),
    WARTS_NUMBER(Tbit, 9, U16, result),        WARTS_NUMBER(Tbit, 10, U8, type),
    WARTS_NUMBER(Tbit, 11, U8, app),           WARTS_NUMBER(Tbit, 12, U16, client_mss),
    WARTS_NUMBER(Tbit, 13, U16, server_mss),   WARTS_NUMBER(Tbit, 14, U8, synretx),
    WARTS_NUMBER(Tbit, 15, U8, dataretx),      WARTS_NUMBER(Tbit, 16, U16, packet_count16),
    WARTS_NUMBER(Tbit, 17, U32, packet_count), WARTS_OBJECT(Tbit, 18, Cookie, fo_cookie),
    WARTS_NUMBER(Tbit, 19, U8, wscale),        WARTS_NUMBER(Tbit, 20, U32, options),
    WARTS_NUMBER(Tbit, 21, U8, ttl),           WARTS_TEXT(Tbit, 22, errmsg),
};

constexpr warts::Row<TbitPacket> kPacketRows[] = {
    WARTS_NUMBER(TbitPacket, 1, U8, dir),
    WARTS_OBJECT(TbitPacket, 2, Tv, time),
    WARTS_DATA_LENGTH(TbitPacket, 3, 4, data),
    WARTS_DATA(TbitPacket, 4, data),
};

constexpr warts::Row<TbitPmtud> kPmtudRows[] = {
    WARTS_NUMBER(TbitPmtud, 1, U16, mtu),
    WARTS_NUMBER(TbitPmtud, 2, U8, ptb_retx),
    WARTS_NUMBER(TbitPmtud, 3, U8, options),
    WARTS_OBJECT(TbitPmtud, 4, Addr, ptbsrc),
};
constexpr warts::Row<TbitNull> kNullRows[] = {
    WARTS_NUMBER(TbitNull, 1, U16, options),
    WARTS_NUMBER(TbitNull, 2, U16, results),
};
constexpr warts::Row<TbitIcw> kIcwRows[] = {
    WARTS_NUMBER(TbitIcw, 1, U32, start_seq),
};
constexpr warts::Row<TbitBlind> kBlindRows[] = {
    WARTS_NUMBER(TbitBlind, 1, U32, off),
    WARTS_NUMBER(TbitBlind, 2, U8, retx),
};
constexpr warts::Row<TbitHttp> kHttpRows[] = {
    WARTS_TEXT(TbitHttp, 1, host),
    WARTS_TEXT(TbitHttp, 2, file),
    WARTS_NUMBER(TbitHttp, 3, U8, type),
};
constexpr warts::Row<TbitBgp> kBgpRows[] = {
    WARTS_NUMBER(TbitBgp, 1, U32, asn),
};

// Types of structures.
constexpr uint32_t kOfTest = 1;
constexpr uint32_t kOfApp = 2;

bool IsBlind(v1::TbitType type) {
  return type >= v1::TBIT_TYPE_BLIND_DATA && type <= v1::TBIT_TYPE_BLIND_FIN;
}

uint32_t PacketCount(const Tbit& tbit) {
  return tbit.packet_count() != 0 ? tbit.packet_count() : tbit.packet_count16();
}

bool ReadPacket(Cursor& body, ReadState& state, TbitPacket* packet) {
  const size_t at = body.offset();
  state.pending_size = 0;
  if (!warts::ReadParams(kPacketRows, body, state, packet)) return false;
  state.place.field = "data";
  return !packet->data().empty() || state.Fail(at, "data of the packet");
}

// Reads a structure and keeps the bytes behind its last item.
template <typename M>
bool ReadKnown(warts::Rows<M> rows, Cursor& body, ReadState& state, M* out) {
  if (!warts::ReadParams(rows, body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool Keep(uint32_t type, const Cursor& body, Tbit* out) {
  v1::TbitStructure* structure = out->add_unknown_structures();
  structure->set_type(type);
  structure->set_body(body.rest().data(), body.rest().size());
  return true;
}

bool ReadStructureOfTest(Cursor& body, ReadState& state, Tbit* out) {
  if (IsBlind(out->type())) return ReadKnown(kBlindRows, body, state, out->mutable_blind());
  switch (out->type()) {
    case v1::TBIT_TYPE_PMTUD:
      return ReadKnown(kPmtudRows, body, state, out->mutable_pmtud());
    case v1::TBIT_TYPE_NULL:
      return ReadKnown(kNullRows, body, state, out->mutable_null_test());
    case v1::TBIT_TYPE_ICW:
      return ReadKnown(kIcwRows, body, state, out->mutable_icw());
    default:
      return Keep(kOfTest, body, out);
  }
}

bool ReadStructureOfApp(Cursor& body, ReadState& state, Tbit* out) {
  switch (out->app()) {
    case v1::TBIT_APP_HTTP:
      return ReadKnown(kHttpRows, body, state, out->mutable_http());
    case v1::TBIT_APP_BGP:
      return ReadKnown(kBgpRows, body, state, out->mutable_bgp());
    default:
      return Keep(kOfApp, body, out);
  }
}

// Structures up to and including the type 0 that ends them.
bool ReadStructures(Cursor& body, ReadState& state, Tbit* out) {
  bool seen[3] = {};
  while (true) {
    state.place = {nullptr, 0, "structures"};
    const size_t at = body.offset();
    uint32_t type = 0;
    uint32_t length = 0;
    if (!U16::Read(body, state, &type)) return false;
    if (type == 0) return true;
    if (type <= kOfApp && seen[type]) return state.Fail(at, "at most one structure of its kind");
    if (!U32::Read(body, state, &length)) return false;
    Cursor structure(absl::string_view{});
    if (!body.Take(length, &structure))
      return state.Fail(body.offset(), "as many bytes as the structure's length says");
    if (type <= kOfApp) seen[type] = true;
    const bool ok = type == kOfTest  ? ReadStructureOfTest(structure, state, out)
                    : type == kOfApp ? ReadStructureOfApp(structure, state, out)
                                     : Keep(type, structure, out);
    if (!ok) return false;
  }
}

bool WritePacket(const TbitPacket& packet, Writer& writer, WriteState& state) {
  state.place.field = "data";
  if (packet.data().empty()) return state.Fail("must not be empty");
  return warts::WriteParams(kPacketRows, packet, writer, state);
}

// Type, length and body of a structure.
template <typename M>
bool WriteStructure(uint32_t type, warts::Rows<M> rows, const M& message, Writer& writer,
                    WriteState& state) {
  writer.U16(type);
  const size_t at = writer.size();
  writer.U32(0);
  if (!warts::WriteParams(rows, message, writer, state)) return false;
  writer.Bytes(message.trailing());
  writer.PatchU32(at, static_cast<uint32_t>(writer.size() - at - 4));
  return true;
}

bool WriteKnownStructures(const Tbit& tbit, Writer& writer, WriteState& state) {
  return (!tbit.has_pmtud() || WriteStructure(kOfTest, kPmtudRows, tbit.pmtud(), writer, state)) &&
         (!tbit.has_null_test() ||
          WriteStructure(kOfTest, kNullRows, tbit.null_test(), writer, state)) &&
         (!tbit.has_icw() || WriteStructure(kOfTest, kIcwRows, tbit.icw(), writer, state)) &&
         (!tbit.has_blind() || WriteStructure(kOfTest, kBlindRows, tbit.blind(), writer, state)) &&
         (!tbit.has_http() || WriteStructure(kOfApp, kHttpRows, tbit.http(), writer, state)) &&
         (!tbit.has_bgp() || WriteStructure(kOfApp, kBgpRows, tbit.bgp(), writer, state));
}

// Whether a structure that is kept as bytes would be read so again.
bool IsKept(const Tbit& tbit, uint32_t type) {
  if (type == kOfTest) {
    return !IsBlind(tbit.type()) && tbit.type() != v1::TBIT_TYPE_PMTUD &&
           tbit.type() != v1::TBIT_TYPE_NULL && tbit.type() != v1::TBIT_TYPE_ICW;
  }
  if (type == kOfApp) return tbit.app() != v1::TBIT_APP_HTTP && tbit.app() != v1::TBIT_APP_BGP;
  return type != 0 && type <= 0xffff;
}

bool WriteUnknownStructures(const Tbit& tbit, Writer& writer, WriteState& state) {
  bool seen[3] = {};
  state.place.item = "unknown structure";
  for (int i = 0; i < tbit.unknown_structures_size(); ++i) {
    const v1::TbitStructure& structure = tbit.unknown_structures(i);
    state.place.index = static_cast<uint32_t>(i);
    state.place.field = "type";
    if (!IsKept(tbit, structure.type()))
      return state.Fail("must be within 1 - 65535, and none that the test or application has");
    if (structure.type() <= kOfApp && seen[structure.type()])
      return state.Fail("must be there once");
    if (structure.type() <= kOfApp) seen[structure.type()] = true;
    writer.U16(structure.type());
    writer.U32(static_cast<uint32_t>(structure.body().size()));
    writer.Bytes(structure.body());
  }
  state.place = {};
  return true;
}

// Whether the structures are those that the test and the application have.
bool CheckStructures(const Tbit& tbit, WriteState& state) {
  const struct {
    const char* field;
    bool has;
    bool may;
  } kStructures[] = {
      {"pmtud", tbit.has_pmtud(), tbit.type() == v1::TBIT_TYPE_PMTUD},
      {"null_test", tbit.has_null_test(), tbit.type() == v1::TBIT_TYPE_NULL},
      {"icw", tbit.has_icw(), tbit.type() == v1::TBIT_TYPE_ICW},
      {"blind", tbit.has_blind(), IsBlind(tbit.type())},
      {"http", tbit.has_http(), tbit.app() == v1::TBIT_APP_HTTP},
      {"bgp", tbit.has_bgp(), tbit.app() == v1::TBIT_APP_BGP},
  };
  for (const auto& structure : kStructures) {
    state.place.field = structure.field;
    if (structure.has && !structure.may)
      return state.Fail("must be of the type of the test, or of the application");
  }
  return true;
}

}  // namespace

bool ReadTbitParams(Cursor& body, ReadState& state, Tbit* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kTbitRows, body, state, out)) return false;
  state.place.field = "src";
  if (!out->has_src()) return state.Fail(at, "a source");
  state.place.field = "dst";
  return out->has_dst() || state.Fail(at, "a destination");
}

bool ReadTbit(Cursor& body, ReadState& state, Tbit* out) {
  if (!ReadTbitParams(body, state, out)) return false;
  if (!ReadItems("packet_count", "packet", PacketCount(*out), body, state, out->mutable_packets(),
                 ReadPacket)) {
    return false;
  }
  if (!ReadStructures(body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteTbit(const Tbit& tbit, Writer& writer, WriteState& state) {
  state.place.field = "src";
  if (!tbit.has_src()) return state.Fail("must be present");
  state.place.field = "dst";
  if (!tbit.has_dst()) return state.Fail("must be present");
  if (!CheckStructures(tbit, state)) return false;
  if (!warts::WriteParams(kTbitRows, tbit, writer, state)) return false;
  if (!WriteItems("packet_count", "packet", PacketCount(tbit), tbit.packets(), writer, state,
                  WritePacket) ||
      !WriteKnownStructures(tbit, writer, state) || !WriteUnknownStructures(tbit, writer, state)) {
    return false;
  }
  writer.U16(0);
  writer.Bytes(tbit.trailing());
  return true;
}

void VisitTbit(const Tbit& tbit, warts::AddressVisitor visit) {
  warts::VisitParams(kTbitRows, tbit, visit);
  warts::VisitParams(kPmtudRows, tbit.pmtud(), visit);
}

std::span<const warts::Row<Tbit>> TbitRows() { return kTbitRows; }
std::span<const warts::Row<TbitPacket>> TbitPacketRows() { return kPacketRows; }
std::span<const warts::Row<TbitPmtud>> TbitPmtudRows() { return kPmtudRows; }
std::span<const warts::Row<TbitNull>> TbitNullRows() { return kNullRows; }
std::span<const warts::Row<TbitIcw>> TbitIcwRows() { return kIcwRows; }
std::span<const warts::Row<TbitBlind>> TbitBlindRows() { return kBlindRows; }
std::span<const warts::Row<TbitHttp>> TbitHttpRows() { return kHttpRows; }
std::span<const warts::Row<TbitBgp>> TbitBgpRows() { return kBgpRows; }

}  // namespace scamper::records
