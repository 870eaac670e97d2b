// SPDX-License-Identifier: Apache-2.0
#include "server/records/owamp/owamp_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

constexpr size_t kHeaderCapacity = 1023;
constexpr size_t kErrmsgMax = 511;

constexpr absl::string_view kDirections[] = {"tx", "rx"};
constexpr absl::string_view kScheduleTypes[] = {"fixed", "exponential"};
constexpr absl::string_view kResults[] = {"none",   "done",        "halted", "error",
                                          "noconn", "notaccepted", "nomode", "timeout"};

void AppendTimes(const v1::Owamp& owamp, std::string* out) {
  JsonLiteral(",\"start\":", out);
  JsonTime(owamp.start(), ",", out);
  JsonLiteral(",\"startat\":", out);
  JsonTime(owamp.start_at(), ",", out);
  JsonLiteral(",\"wait_timeout\":", out);
  JsonTime(owamp.summary().wait_timeout(), ",", out);
  JsonLiteral(",\"hsrtt\":", out);
  JsonTime(owamp.handshake_rtt(), ",", out);
}

void AppendHeader(const v1::Owamp& owamp, const JsonContext& context, std::string* out) {
  JsonFragment header(context, kHeaderCapacity, out);
  const v1::OwampSummary& summary = owamp.summary();
  JsonLiteral(R"({"type":"owamp","dir":")", out);
  JsonName(kDirections, static_cast<uint32_t>(summary.direction() - 1), out);
  JsonLiteral("\"", out);
  if (owamp.has_src()) JsonPlainString(",\"src\":\"", owamp.src(), out);
  if (owamp.has_dst()) JsonPlainString(",\"dst\":\"", owamp.dst(), out);
  JsonU16(",\"dport\":", summary.dport(), out);
  AppendTimes(owamp, out);
  JsonU32(",\"userid\":", owamp.userid(), out);
  JsonU32(",\"attempts\":", summary.attempts(), out);
  JsonU16(",\"pktsize\":", summary.pktsize(), out);
  JsonU8(",\"dscp\":", owamp.dscp(), out);
  JsonU16(",\"udp_sport\":", owamp.udp_sport(), out);
  JsonU16(",\"udp_dport\":", owamp.udp_dport(), out);
  JsonLiteral(",\"result\":\"", out);
  JsonName(kResults, static_cast<uint32_t>(owamp.result()), out);
  JsonLiteral("\"", out);
  if (owamp.has_errmsg() || owamp.has_errmsg_bytes()) {
    JsonString(",\"errmsg\":\"", owamp.has_errmsg_bytes() ? owamp.errmsg_bytes() : owamp.errmsg(),
               context, kErrmsgMax, out);
  }
  JsonMonitor(context, out);
  header.End();
}

void AppendSchedule(const v1::Owamp& owamp, std::string* out) {
  if (owamp.schedule_size() == 0) return;
  JsonLiteral(",\"sched\":[", out);
  JsonJoin join(",", out);
  for (const v1::OwampSchedule& schedule : owamp.schedule()) {
    join.Next();
    JsonLiteral("{\"value\":", out);
    JsonTime(schedule.interval(), ",", out);
    JsonLiteral(",\"type\":\"", out);
    const int type = schedule.has_type() ? schedule.type() : v1::OWAMP_SCHEDULE_TYPE_FIXED;
    JsonName(kScheduleTypes, static_cast<uint32_t>(type - 1), out);
    JsonLiteral("\"}", out);
  }
  JsonLiteral("]", out);
}

void AppendRx(const v1::OwampRx& rx, std::string* out) {
  JsonLiteral("{\"stamp\":", out);
  JsonTime(rx.stamp(), ",", out);
  if ((rx.flags() & v1::OWAMP_RX_FLAG_ERREST) != 0)
    JsonU16(",\"errest\":", rx.error_estimate(), out);
  if ((rx.flags() & v1::OWAMP_RX_FLAG_DSCP) != 0) JsonU8(",\"dscp\":", rx.dscp(), out);
  if ((rx.flags() & v1::OWAMP_RX_FLAG_TTL) != 0) JsonU8(",\"ttl\":", rx.ttl(), out);
  JsonLiteral("}", out);
}

void AppendTx(const v1::OwampTx& tx, std::string* out) {
  JsonLiteral("{\"stamp\":", out);
  JsonTime(tx.stamp(), ",", out);
  JsonU32(",\"seq\":", tx.seq(), out);
  if ((tx.flags() & v1::OWAMP_TX_FLAG_ERREST) != 0)
    JsonU16(",\"errest\":", tx.error_estimate(), out);
  JsonU16(",\"rxc\":", static_cast<uint32_t>(tx.rxs_size()), out);
  JsonLiteral((tx.flags() & v1::OWAMP_TX_FLAG_NOTSENT) != 0 ? ",\"sent\":0" : ",\"sent\":1", out);
  JsonLiteral(",\"rxs\":[", out);
  JsonJoin join(",", out);
  for (const v1::OwampRx& rx : tx.rxs()) {
    join.Next();
    AppendRx(rx, out);
  }
  JsonLiteral("]}", out);
}

}  // namespace

bool AppendOwampJson(const v1::Owamp& owamp, const JsonContext& context, std::string* out) {
  AppendHeader(owamp, context, out);
  AppendSchedule(owamp, out);
  JsonLiteral(",\"txs\":[", out);
  JsonJoin join(",", out);
  for (const v1::OwampTx& tx : owamp.txs()) {
    join.Next();
    AppendTx(tx, out);
  }
  JsonLiteral("]}\n", out);
  return true;
}

}  // namespace scamper::records
