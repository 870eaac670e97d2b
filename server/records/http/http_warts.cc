// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_warts.h"

#include <vector>

#include "server/records/items.h"
#include "server/records/row_kinds.h"

namespace scamper::records {
namespace {

using v1::Http;
using v1::HttpBuf;
using warts::AddrStatic;
using warts::Cursor;
using warts::ReadState;
using warts::Tv;
using warts::U16;
using warts::U32;
using warts::U8;
using warts::Us32;
using warts::Writer;
using warts::WriteState;

// u8 type, u32 length.
constexpr size_t kAttributeHead = 5;

// u8 count, that many strings.
struct Headers {
  static bool Read(Cursor& c, ReadState& s, v1::HttpHeaders* out) {
    uint32_t count = 0;
    if (!U8::Read(c, s, &count)) return false;
    std::vector<absl::string_view> lines(count);
    bool text = true;
    for (absl::string_view& line : lines) {
      if (!ReadCString(c, s, &line)) return false;
      text = text && base::IsUtf8(line);
    }
    for (const absl::string_view line : lines)
      (text ? out->add_lines() : out->add_lines_bytes())->assign(line.data(), line.size());
    return true;
  }
  static bool Write(const v1::HttpHeaders& value, Writer& w, WriteState& s) {
    if (value.lines_size() > 0 && value.lines_bytes_size() > 0)
      return s.Fail("must hold lines, or lines as bytes");
    const auto& lines = value.lines_bytes_size() > 0 ? value.lines_bytes() : value.lines();
    if (lines.size() > 255) return s.Fail("must hold at most 255 lines");
    w.U8(static_cast<uint32_t>(lines.size()));
    for (const std::string& line : lines) {
      if (!warts::Str::Write(line, w, s)) return false;
    }
    return true;
  }
};

constexpr warts::Row<Http> kHttpRows[] = {
    WARTS_NUMBER(Http, 1, U32, list_id),
    WARTS_NUMBER(Http, 2, U32, cycle_id),
    WARTS_NUMBER(Http, 3, U32, userid),
    WARTS_OBJECT(Http, 4, AddrStatic, src),
    WARTS_OBJECT(Http, 5, AddrStatic, dst),
    WARTS_NUMBER(Http, 6, U16, sport),
    WARTS_NUMBER(Http, 7, U16, dport),
    WARTS_OBJECT(Http, 8, Tv, start),
    WARTS_NUMBER(Http, 9, U8, stop_reason),
    WARTS_ENUM8(Http, 10, type),
    WARTS_TEXT_OR_BYTES(Http, 11, host),
    WARTS_TEXT_OR_BYTES(Http, 12, file),
    WARTS_OBJECT(Http, 13, Headers, headers),
    WARTS_NUMBER(Http, 14, U32, buf_count),
    WARTS_OBJECT(Http, 15, Us32, handshake_rtt),
    WARTS_NUMBER(Http, 16, U32, flags),
    WARTS_OBJECT(Http, 17, warts::TvDuration, max_time),
    WARTS_TEXT(Http, 18, errmsg),
    WARTS_NUMBER(Http, 19, U8, ech_status),
    WARTS_TEXT(Http, 20, ech_outer_sni),
};

constexpr warts::Row<HttpBuf> kBufRows[] = {
    WARTS_NUMBER(HttpBuf, 1, U8, direction_and_type),
    WARTS_OBJECT(HttpBuf, 2, Tv, timestamp),
    WARTS_SIZE_OF(HttpBuf, 3, 4, payload_length, payload),
    WARTS_SIZED_BYTES(HttpBuf, 4, payload_length, payload),
};

// Without a port the type must have one.
bool HasPort(const Http& http) {
  return http.has_dport() || !http.has_type() || http.type() == v1::HTTP_TYPE_HTTPS ||
         http.type() == v1::HTTP_TYPE_HTTP;
}

// Up to the end of the record; what is too short for an attribute is kept as it is.
bool ReadAttributes(Cursor& body, ReadState& state, Http* out) {
  state.place.item = "attribute";
  for (uint32_t i = 0; body.left() >= kAttributeHead; ++i) {
    state.place.index = i;
    state.place.field = "body";
    uint32_t type = 0;
    uint32_t length = 0;
    absl::string_view bytes;
    if (!U8::Read(body, state, &type) || !U32::Read(body, state, &length)) return false;
    if (!body.Bytes(length, &bytes))
      return state.Fail(body.offset(), "as many bytes as the attribute's length says");
    v1::HttpAttribute* attribute = out->add_attributes();
    attribute->set_type(type);
    attribute->set_body(bytes.data(), bytes.size());
  }
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteAttribute(const v1::HttpAttribute& attribute, Writer& writer, WriteState& state) {
  state.place.field = "type";
  if (!U8::Write(attribute.type(), writer, state)) return false;
  writer.U32(static_cast<uint32_t>(attribute.body().size()));
  writer.Bytes(attribute.body());
  return true;
}

}  // namespace

bool ReadHttpParams(Cursor& body, ReadState& state, Http* out) {
  const size_t at = body.offset();
  if (!warts::ReadParams(kHttpRows, body, state, out)) return false;
  state.place.field = "dport";
  return HasPort(*out) || state.Fail(at, "a destination port, which the type does not imply");
}

bool ReadHttp(Cursor& body, ReadState& state, Http* out) {
  if (!ReadHttpParams(body, state, out)) return false;
  const auto read = [](Cursor& c, ReadState& s, HttpBuf* buf) {
    return warts::ReadParams(kBufRows, c, s, buf);
  };
  return ReadItems("bufs", "buffer", out->buf_count(), body, state, out->mutable_bufs(), read) &&
         ReadAttributes(body, state, out);
}

bool WriteHttp(const Http& http, Writer& writer, WriteState& state) {
  state.place.field = "dport";
  if (!HasPort(http)) return state.Fail("must be present with such a type");
  if (!warts::WriteParams(kHttpRows, http, writer, state)) return false;
  const auto write = [](const HttpBuf& buf, Writer& w, WriteState& s) {
    return warts::WriteParams(kBufRows, buf, w, s);
  };
  if (!WriteItems("buf_count", "buffer", http.buf_count(), http.bufs(), writer, state, write))
    return false;
  state.place.item = "attribute";
  for (int i = 0; i < http.attributes_size(); ++i) {
    state.place.index = static_cast<uint32_t>(i);
    if (!WriteAttribute(http.attributes(i), writer, state)) return false;
  }
  state.place = {nullptr, 0, "trailing"};
  if (http.trailing().size() >= kAttributeHead) return state.Fail("must be shorter than 5 bytes");
  writer.Bytes(http.trailing());
  return true;
}

void VisitHttp(const Http& http, warts::AddressVisitor visit) {
  warts::VisitParams(kHttpRows, http, visit);
}

std::span<const warts::Row<Http>> HttpRows() { return kHttpRows; }
std::span<const warts::Row<HttpBuf>> HttpBufRows() { return kBufRows; }

}  // namespace scamper::records
