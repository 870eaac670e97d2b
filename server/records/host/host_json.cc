// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_json.h"

#include "server/records/host/host_names.h"
#include "server/records/json_text.h"
#include "server/records/micros.h"
#include "server/records/time_difference.h"

namespace scamper::records {
namespace {

using v1::HostQuery;
using v1::HostRr;
using v1::HostRrData;

constexpr size_t kHeaderCapacity = 1023;
constexpr size_t kRecordCapacity = 1023;
constexpr size_t kNameMax = 511;

constexpr absl::string_view kStops[] = {"NONE", "DONE", "TIMEOUT", "HALTED", "ERROR"};
constexpr absl::string_view kFlags[] = {"norecurse", "tcp", "nsid"};
constexpr absl::string_view kQueryFlags[] = {"CD", "AD", "Z", "RA", "RD", "TC", "AA", "0x80"};

// Names of the bits, quoted.
template <size_t kSize>
void JsonBits(const absl::string_view (&names)[kSize], uint32_t bits, absl::string_view separator,
              std::string* out) {
  JsonJoin join(separator, out);
  for (size_t i = 0; i < kSize; ++i) {
    if ((bits >> i & 1) == 0) continue;
    join.Next();
    JsonPlainString("\"", names[i], out);
  }
}

// The one that is there, text or bytes; nothing where neither is.
void JsonHostName(absl::string_view prefix, bool present, const std::string& text,
                  const std::string& bytes, const JsonContext& context, std::string* out) {
  if (present) JsonString(prefix, bytes.empty() ? text : bytes, context, kNameMax, out);
}

#define JSON_NAME(prefix, message, field)                                          \
  JsonHostName(prefix, (message).has_##field() || (message).has_##field##_bytes(), \
               (message).field(), (message).field##_bytes(), context, out)

void AppendHeader(const v1::Host& host, const JsonContext& context, std::string* out) {
  JsonFragment header(context, kHeaderCapacity, out);
  JsonLiteral(R"({"type":"host", "version":"0.1")", out);
  if (host.has_src()) JsonPlainString(", \"src\":\"", host.src(), out);
  JsonPlainString(", \"dst\":\"", host.dst(), out);
  JsonU32(", \"userid\":", host.userid(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(host.start(), ",", out);
  if (host.has_errmsg()) JsonString(",\"errmsg\":\"", host.errmsg(), context, kNameMax, out);
  if ((host.flags() & 7) != 0) {
    JsonLiteral(", \"flags\":[", out);
    JsonBits(kFlags, host.flags(), ", ", out);
    JsonLiteral("]", out);
  }
  JsonU32(", \"wait\":", Micros(host.wait_timeout()) / 1000, out);
  JsonU8(", \"retries\":", host.retries(), out);
  JsonLiteral(", \"stop\":\"", out);
  JsonName(kStops, static_cast<uint32_t>(host.stop_reason()), out);
  JsonLiteral("\"", out);
  JSON_NAME(", \"qname\":\"", host, qname);
  JsonPlainString(", \"qclass\":\"", host.summary().qclass(), out);
  JsonPlainString(", \"qtype\":\"", host.summary().qtype(), out);
  JsonU8(", \"qcount\":", static_cast<uint32_t>(host.queries_size()), out);
  if (host.has_ecs()) JsonRawString(", \"ecs\":\"", host.ecs(), context, out);
  JsonMonitor(context, out);
  header.End();
}

// Name of what NS, CNAME and PTR hold.
absl::string_view NameKey(uint32_t rtype) {
  return rtype == 2 ? ", \"nsdname\":\"" : rtype == 5 ? ", \"cname\":\"" : ", \"ptrdname\":\"";
}

void AppendTxt(const v1::HostTxt& txt, const JsonContext& context, std::string* out) {
  // A number without strings: each of them is missing.
  const uint32_t count = txt.strs_size() > 0 ? static_cast<uint32_t>(txt.strs_size()) : txt.strc();
  JsonU16(", \"strc\":", count, out);
  JsonLiteral(", \"strs\":[", out);
  JsonJoin join(", ", out);
  for (uint32_t i = 0; i < count; ++i) {
    join.Next();
    const int index = static_cast<int>(i);
    JsonString("\"", index < txt.strs_size() ? absl::string_view(txt.strs(index)) : "", context,
               SIZE_MAX, out);
  }
  JsonLiteral("]", out);
}

void AppendSoa(const v1::HostSoa& soa, const JsonContext& context, std::string* out) {
  JSON_NAME(", \"mname\":\"", soa, mname);
  JSON_NAME(", \"rname\":\"", soa, rname);
  JsonU32(", \"serial\":", soa.serial(), out);
  JsonU32(", \"refresh\":", soa.refresh(), out);
  JsonU32(", \"retry\":", soa.retry(), out);
  JsonU32(", \"expire\":", soa.expire(), out);
  JsonU32(", \"minimum\":", soa.minimum(), out);
}

void AppendData(const HostRr& rr, const JsonContext& context, std::string* out) {
  const HostRrData& data = rr.data();
  switch (data.kind_case()) {
    case HostRrData::kAddr:
      JsonPlainString(", \"address\":\"", data.addr(), out);
      break;
    case HostRrData::kName:
      JsonString(NameKey(rr.rtype()), data.name(), context, kNameMax, out);
      break;
    case HostRrData::kNameBytes:
      JsonString(NameKey(rr.rtype()), data.name_bytes(), context, kNameMax, out);
      break;
    case HostRrData::kMx:
      JsonU16(", \"preference\":", data.mx().preference(), out);
      JSON_NAME(", \"exchange\":\"", data.mx(), exchange);
      break;
    case HostRrData::kSoa:
      AppendSoa(data.soa(), context, out);
      break;
    case HostRrData::kTxt:
      AppendTxt(data.txt(), context, out);
      break;
    default:
      break;
  }
}

void AppendRr(const HostRr& rr, const JsonContext& context, std::string* out) {
  JsonFragment record(context, rr.data().has_txt() ? SIZE_MAX - out->size() : kRecordCapacity, out);
  JsonPlainString("{\"class\":\"", rr.summary().rclass(), out);
  JsonPlainString(", \"type\":\"", rr.summary().rtype(), out);
  JsonU32(", \"ttl\":", rr.ttl(), out);
  JSON_NAME(", \"name\":\"", rr, name);
  AppendData(rr, context, out);
  JsonLiteral("}", out);
  record.End();
}

void AppendSection(absl::string_view key, const google::protobuf::RepeatedPtrField<HostRr>& section,
                   const JsonContext& context, std::string* out) {
  if (section.empty()) return;
  JsonLiteral(key, out);
  JsonJoin join(",", out);
  for (const HostRr& rr : section) {
    join.Next();
    AppendRr(rr, context, out);
  }
  JsonLiteral("]", out);
}

void AppendQuery(const HostQuery& query, const JsonContext& context, std::string* out) {
  JsonU16("{\"id\":", query.id(), out);
  JsonU16(", \"ancount\":", static_cast<uint32_t>(query.an_size()), out);
  JsonU16(", \"nscount\":", static_cast<uint32_t>(query.ns_size()), out);
  JsonU16(", \"arcount\":", static_cast<uint32_t>(query.ar_size()), out);
  JsonLiteral(", \"tx\":", out);
  JsonTime(query.tx(), ",", out);
  if (!IsZero(query.rx())) {
    JsonLiteral(", \"rx\":", out);
    JsonTime(query.rx(), ",", out);
    JsonPlainString(", \"rcode\":\"", HostRcodeToolName(query.rcode()), out);
    JsonLiteral(", \"flags\":[", out);
    JsonBits(kQueryFlags, query.flags(), ",", out);
    JsonLiteral("]", out);
  }
  AppendSection(", \"an\":[", query.an(), context, out);
  AppendSection(", \"ns\":[", query.ns(), context, out);
  AppendSection(", \"ar\":[", query.ar(), context, out);
  JsonLiteral("}", out);
}

}  // namespace

bool AppendHostJson(const v1::Host& host, const JsonContext& context, std::string* out) {
  AppendHeader(host, context, out);
  JsonLiteral(", \"queries\":[", out);
  JsonJoin join(",", out);
  for (const HostQuery& query : host.queries()) {
    join.Next();
    AppendQuery(query, context, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
