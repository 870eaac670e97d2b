// SPDX-License-Identifier: Apache-2.0
#include "server/records/udpprobe/udpprobe_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

constexpr size_t kHeaderCapacity = 4095;
constexpr size_t kErrmsgMax = 511;

constexpr absl::string_view kStops[] = {"none", "done", "halted", "error"};

void AppendHeader(const v1::Udpprobe& probe, const JsonContext& context, std::string* out) {
  JsonFragment header(context, kHeaderCapacity, out);
  JsonLiteral(R"({"type":"udpprobe", "version":"0.1")", out);
  if (probe.has_src()) JsonPlainString(", \"src\":\"", probe.src(), out);
  if (probe.has_dst()) JsonPlainString(", \"dst\":\"", probe.dst(), out);
  JsonU32(", \"userid\":", probe.userid(), out);
  JsonLiteral(", \"start\":", out);
  JsonTime(probe.start(), ", ", out);
  JsonU16(", \"sport\":", probe.sport_wanted(), out);
  JsonU16(", \"dport\":", probe.dport(), out);
  JsonLiteral(", \"wait_timeout\":", out);
  JsonTime(probe.wait_timeout(), ", ", out);
  if ((probe.flags() & v1::UDPPROBE_FLAG_EXITFIRST) != 0)
    JsonLiteral(", \"flags\":[\"exitfirst\"]", out);
  JsonLiteral(", \"stop_reason\":\"", out);
  JsonName(kStops, static_cast<uint32_t>(probe.stop_reason()), out);
  JsonLiteral("\"", out);
  if (probe.has_errmsg()) JsonString(",\"errmsg\":\"", probe.errmsg(), context, kErrmsgMax, out);
  if (!probe.payload().empty()) {
    JsonLiteral(", \"data\":\"", out);
    header.Hex(probe.payload());
    JsonLiteral("\"", out);
  }
  JsonU16(", \"len\":", probe.has_payload() ? probe.payload().size() : probe.payload_length(), out);
  JsonU8(", \"probe_count\":", probe.has_probe_count() ? probe.probe_count() : 1, out);
  JsonU8(", \"probe_sent\":", static_cast<uint32_t>(probe.probes_size()), out);
  JsonU8(", \"stop_count\":", probe.stop_count(), out);
  JsonMonitor(context, out);
  header.End();
}

void AppendReply(const v1::UdpprobeReply& reply, const JsonContext& context, std::string* out) {
  JsonFragment fragment(context, SIZE_MAX - out->size(), out);
  JsonLiteral("{\"rx\":", out);
  JsonTime(reply.rx(), ", ", out);
  // Whole seconds rounded down, so that the microseconds are not negative.
  const google::protobuf::Duration& rtt = reply.summary().rtt();
  const int64_t borrowed = rtt.nanos() < 0 ? 1 : 0;
  JsonU32(", \"rtt\":{\"sec\":", static_cast<uint64_t>(rtt.seconds() - borrowed), out);
  JsonU32(", \"usec\":", static_cast<uint64_t>(rtt.nanos() / 1000 + borrowed * 1000000), out);
  JsonU16("}, \"len\":", reply.has_payload() ? reply.payload().size() : reply.payload_length(),
          out);
  if (!reply.payload().empty()) {
    JsonLiteral(", \"data\":\"", out);
    fragment.Hex(reply.payload());
    JsonLiteral("\"", out);
  }
  if (reply.has_ifname()) JsonRawString(", \"ifname\":\"", reply.ifname(), context, out);
  JsonLiteral("}", out);
}

void AppendProbe(const v1::UdpprobeProbe& probe, const JsonContext& context, std::string* out) {
  JsonLiteral("{\"tx\":", out);
  JsonTime(probe.summary().tx(), ", ", out);
  JsonU16(", \"sport\":", probe.summary().sport(), out);
  JsonU16(", \"replyc\":", static_cast<uint32_t>(probe.replies_size()), out);
  JsonLiteral(", \"replies\":[", out);
  JsonJoin join(", ", out);
  for (const v1::UdpprobeReply& reply : probe.replies()) {
    join.Next();
    AppendReply(reply, context, out);
  }
  JsonLiteral("]}", out);
}

}  // namespace

bool AppendUdpprobeJson(const v1::Udpprobe& udpprobe, const JsonContext& context,
                        std::string* out) {
  AppendHeader(udpprobe, context, out);
  JsonLiteral(", \"probes\":[", out);
  JsonJoin join(",", out);
  for (const v1::UdpprobeProbe& probe : udpprobe.probes()) {
    join.Next();
    AppendProbe(probe, context, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
