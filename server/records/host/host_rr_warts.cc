// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_rr_warts.h"

#include "server/records/host/host_warts.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::HostMx;
using v1::HostOpt;
using v1::HostRrData;
using v1::HostSoa;
using v1::HostSvcb;
using v1::HostTxt;
using warts::Addr;
using warts::Cursor;
using warts::ReadState;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Writer;
using warts::WriteState;

constexpr uint32_t kIn = 1;
constexpr uint32_t kCh = 3;

constexpr warts::Row<HostSoa> kSoaRows[] = {
    WARTS_TEXT_OR_BYTES(HostSoa, 1, mname), WARTS_TEXT_OR_BYTES(HostSoa, 2, rname),
    WARTS_NUMBER(HostSoa, 3, U32, serial),  WARTS_NUMBER(HostSoa, 4, U32, refresh),
    WARTS_NUMBER(HostSoa, 5, U32, retry),   WARTS_NUMBER(HostSoa, 6, U32, expire),
    WARTS_NUMBER(HostSoa, 7, U32, minimum),
};

constexpr warts::Row<HostMx> kMxRows[] = {
    WARTS_NUMBER(HostMx, 1, U16, preference),
    WARTS_TEXT_OR_BYTES(HostMx, 2, exchange),
};

// u8 length, bytes.
struct TxtString {
  static bool Read(Cursor& c, ReadState& s, std::string* out) {
    uint32_t size = 0;
    absl::string_view bytes;
    if (!U8::Read(c, s, &size)) return false;
    if (!c.Bytes(size, &bytes))
      return s.Fail(c.offset(), "as many bytes as the length before says");
    out->assign(bytes.data(), bytes.size());
    return true;
  }
  static bool Write(const std::string& value, Writer& w, WriteState& s) {
    if (value.size() > 255) return s.Fail("must hold at most 255 bytes each");
    w.U8(static_cast<uint32_t>(value.size()));
    w.Bytes(value);
    return true;
  }
};

// u16 number, u16 length, bytes.
bool ReadNumbered(Cursor& c, ReadState& s, uint32_t* number, absl::string_view* bytes) {
  uint32_t size = 0;
  if (!U16::Read(c, s, number) || !U16::Read(c, s, &size)) return false;
  return c.Bytes(size, bytes) || s.Fail(c.offset(), "as many bytes as the length before says");
}

bool WriteNumbered(uint32_t number, const std::string& bytes, Writer& w, WriteState& s) {
  if (bytes.size() > 0xffff) return s.Fail("must hold at most 65535 bytes each");
  if (!U16::Write(number, w, s)) return false;
  w.U16(static_cast<uint32_t>(bytes.size()));
  w.Bytes(bytes);
  return true;
}

struct OptElement {
  static bool Read(Cursor& c, ReadState& s, v1::HostOptElement* out) {
    uint32_t code = 0;
    absl::string_view bytes;
    if (!ReadNumbered(c, s, &code, &bytes)) return false;
    out->set_code(code);
    out->set_data(bytes.data(), bytes.size());
    return true;
  }
  static bool Write(const v1::HostOptElement& value, Writer& w, WriteState& s) {
    return WriteNumbered(value.code(), value.data(), w, s);
  }
};

struct SvcbParam {
  static bool Read(Cursor& c, ReadState& s, v1::HostSvcbParam* out) {
    uint32_t key = 0;
    absl::string_view bytes;
    if (!ReadNumbered(c, s, &key, &bytes)) return false;
    out->set_key(key);
    out->set_value(bytes.data(), bytes.size());
    return true;
  }
  static bool Write(const v1::HostSvcbParam& value, Writer& w, WriteState& s) {
    return WriteNumbered(value.key(), value.value(), w, s);
  }
};

constexpr warts::Row<HostTxt> kTxtRows[] = {
    WARTS_COUNT_OF(HostTxt, 1, strc, strs),
    WARTS_COUNTED(HostTxt, 2, TxtString, strc, strs),
};

constexpr warts::Row<HostOpt> kOptRows[] = {
    WARTS_COUNT_OF(HostOpt, 1, element_count, elements),
    WARTS_COUNTED(HostOpt, 2, OptElement, element_count, elements),
};

constexpr warts::Row<HostSvcb> kSvcbRows[] = {
    WARTS_NUMBER(HostSvcb, 1, U16, priority),
    WARTS_TEXT_OR_BYTES(HostSvcb, 2, target),
    WARTS_COUNT_OF(HostSvcb, 3, param_count, params),
    WARTS_COUNTED(HostSvcb, 4, SvcbParam, param_count, params),
};

bool ReadName(Cursor& c, ReadState& s, HostRrData* out) {
  absl::string_view name;
  if (!ReadCString(c, s, &name)) return false;
  if (base::IsUtf8(name)) {
    out->set_name(name.data(), name.size());
  } else {
    out->set_name_bytes(name.data(), name.size());
  }
  return true;
}

bool ReadSoa(Cursor& c, ReadState& s, HostSoa* out) {
  const size_t at = c.offset();
  if (!warts::ReadParams(HostSoaRows(), c, s, out)) return false;
  const bool named =
      (out->has_mname() || out->has_mname_bytes()) && (out->has_rname() || out->has_rname_bytes());
  return named || s.Fail(at, "mname and rname of SOA data");
}

bool ReadMx(Cursor& c, ReadState& s, HostMx* out) {
  const size_t at = c.offset();
  if (!warts::ReadParams(HostMxRows(), c, s, out)) return false;
  return out->has_exchange() || out->has_exchange_bytes() || s.Fail(at, "exchange of MX data");
}

bool WriteSoa(const HostSoa& soa, Writer& w, WriteState& s) {
  const bool named =
      (soa.has_mname() || soa.has_mname_bytes()) && (soa.has_rname() || soa.has_rname_bytes());
  if (!named) return s.Fail("must have mname and rname");
  return warts::WriteParams(HostSoaRows(), soa, w, s);
}

bool WriteMx(const HostMx& mx, Writer& w, WriteState& s) {
  if (!mx.has_exchange() && !mx.has_exchange_bytes()) return s.Fail("must have exchange");
  return warts::WriteParams(HostMxRows(), mx, w, s);
}

}  // namespace

uint32_t HostDataKind(uint32_t rclass, uint32_t rtype) {
  if (rtype == 41) return HostRrData::kOpt;
  if (rclass == kCh) return rtype == 16 ? HostRrData::kTxt : 0;
  if (rclass != kIn) return 0;
  switch (rtype) {
    case 1:
    case 28:
      return HostRrData::kAddr;
    case 2:
    case 5:
    case 12:
      return HostRrData::kName;
    case 6:
      return HostRrData::kSoa;
    case 15:
      return HostRrData::kMx;
    case 16:
      return HostRrData::kTxt;
    case 64:
    case 65:
      return HostRrData::kSvcb;
    default:
      return 0;
  }
}

bool ReadHostData(Cursor& cursor, ReadState& state, v1::HostRr* rr) {
  const size_t at = cursor.offset();
  uint32_t kind = 0;
  if (!U16::Read(cursor, state, &kind)) return false;
  if (kind == 0 || kind != HostDataKind(rr->rclass(), rr->rtype()))
    return state.Fail(at, "the kind of data of the record's class and type");
  HostRrData* data = rr->mutable_data();
  switch (kind) {
    case HostRrData::kAddr:
      return Addr::Read(cursor, state, data->mutable_addr());
    case HostRrData::kName:
      return ReadName(cursor, state, data);
    case HostRrData::kSoa:
      return ReadSoa(cursor, state, data->mutable_soa());
    case HostRrData::kMx:
      return ReadMx(cursor, state, data->mutable_mx());
    case HostRrData::kTxt:
      return warts::ReadParams(HostTxtRows(), cursor, state, data->mutable_txt());
    case HostRrData::kOpt:
      return warts::ReadParams(HostOptRows(), cursor, state, data->mutable_opt());
    default:
      return warts::ReadParams(HostSvcbRows(), cursor, state, data->mutable_svcb());
  }
}

bool WriteHostData(const v1::HostRr& rr, Writer& writer, WriteState& state) {
  const HostRrData& data = rr.data();
  const uint32_t kind = data.has_name_bytes() ? static_cast<uint32_t>(HostRrData::kName)
                                              : static_cast<uint32_t>(data.kind_case());
  if (kind == 0 || kind != HostDataKind(rr.rclass(), rr.rtype()))
    return state.Fail("must be of the kind of the record's class and type");
  writer.U16(kind);
  switch (data.kind_case()) {
    case HostRrData::kAddr:
      return Addr::Write(data.addr(), writer, state);
    case HostRrData::kName:
      return warts::Str::Write(data.name(), writer, state);
    case HostRrData::kNameBytes:
      return warts::Str::Write(data.name_bytes(), writer, state);
    case HostRrData::kSoa:
      return WriteSoa(data.soa(), writer, state);
    case HostRrData::kMx:
      return WriteMx(data.mx(), writer, state);
    case HostRrData::kTxt:
      return warts::WriteParams(HostTxtRows(), data.txt(), writer, state);
    case HostRrData::kOpt:
      return warts::WriteParams(HostOptRows(), data.opt(), writer, state);
    default:
      return warts::WriteParams(HostSvcbRows(), data.svcb(), writer, state);
  }
}

std::span<const warts::Row<HostSoa>> HostSoaRows() { return kSoaRows; }
std::span<const warts::Row<HostMx>> HostMxRows() { return kMxRows; }
std::span<const warts::Row<HostTxt>> HostTxtRows() { return kTxtRows; }
std::span<const warts::Row<HostOpt>> HostOptRows() { return kOptRows; }
std::span<const warts::Row<HostSvcb>> HostSvcbRows() { return kSvcbRows; }

}  // namespace scamper::records
