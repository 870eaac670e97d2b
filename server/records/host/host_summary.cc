// SPDX-License-Identifier: Apache-2.0
#include "server/records/host/host_summary.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/utf8.h"
#include "server/records/host/host_names.h"
#include "server/records/time_difference.h"

namespace scamper::records {
namespace {

using v1::HostQuery;
using v1::HostRr;
using v1::HostRrData;

constexpr uint32_t kIn = 1;
constexpr uint32_t kOpt = 41;
constexpr uint32_t kNs = 2;
constexpr uint32_t kPtr = 12;

// Each byte that is not ASCII as U+FFFD where the whole is not UTF-8.
std::string Printable(const std::string& bytes) {
  if (base::IsUtf8(bytes)) return bytes;
  std::string text;
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) {
      text.push_back(c);
    } else {
      text += "\xef\xbf\xbd";
    }
  }
  return text;
}

std::string NameOf(const std::string& text, const std::string& bytes) {
  return bytes.empty() ? text : Printable(bytes);
}

std::string DataText(const HostRrData& data) {
  switch (data.kind_case()) {
    case HostRrData::kAddr:
      return data.addr();
    case HostRrData::kName:
      return data.name();
    case HostRrData::kNameBytes:
      return Printable(data.name_bytes());
    case HostRrData::kMx:
      return absl::StrCat(data.mx().preference(), " ",
                          NameOf(data.mx().exchange(), data.mx().exchange_bytes()));
    case HostRrData::kSoa: {
      const v1::HostSoa& soa = data.soa();
      return absl::StrCat(NameOf(soa.mname(), soa.mname_bytes()), " ",
                          NameOf(soa.rname(), soa.rname_bytes()), " ", soa.serial(), " ",
                          soa.refresh(), " ", soa.retry(), " ", soa.expire(), " ", soa.minimum());
    }
    case HostRrData::kTxt: {
      std::string text;
      for (const std::string& str : data.txt().strs())
        absl::StrAppend(&text, text.empty() ? "" : " ", "\"", Printable(str), "\"");
      return text;
    }
    default:
      return "not implemented";
  }
}

void SummarizeRr(HostRr* rr) {
  v1::HostRrSummary* out = rr->mutable_summary();
  out->Clear();
  out->set_rclass(HostClassName(rr->rclass()));
  out->set_rtype(HostTypeName(rr->rtype()));
  out->set_text(absl::StrCat(NameOf(rr->name(), rr->name_bytes()), " ", rr->ttl(), " ",
                             out->rclass(), " ", out->rtype(), " ", DataText(rr->data())));
  if (rr->rtype() != kOpt) return;
  out->set_udpsize(rr->rclass());
  out->set_edns_version(rr->ttl() >> 16 & 0xff);
  out->set_edns_do((rr->ttl() >> 15 & 1) != 0);
}

void SummarizeQuery(HostQuery* query) {
  v1::HostQuerySummary* out = query->mutable_summary();
  out->Clear();
  for (auto* section : {query->mutable_an(), query->mutable_ns(), query->mutable_ar()}) {
    for (HostRr& rr : *section) SummarizeRr(&rr);
  }
  if (IsZero(query->rx())) return;
  out->set_answered(true);
  out->set_rcode(HostRcodeName(query->rcode()));
  SetDifference(query->rx(), query->tx(), out->mutable_rtt());
}

// What the answer section holds, each value once.
void Collect(const HostQuery& query, v1::HostSummary* out) {
  absl::flat_hash_set<std::string> seen;
  for (const HostRr& rr : query.an()) {
    if (rr.rclass() != kIn || !rr.has_data()) continue;
    const HostRrData& data = rr.data();
    const std::string value = absl::StrCat(rr.rtype(), " ", data.SerializeAsString());
    if (!seen.insert(data.has_addr() ? data.addr() : value).second) continue;
    if (data.has_addr()) out->add_ans_addrs(data.addr());
    if (data.has_name() && rr.rtype() == kNs) out->add_ans_nses(data.name());
    if (data.has_name() && rr.rtype() == kPtr) out->add_ans_ptrs(data.name());
    if (data.has_mx()) *out->add_ans_mxes() = data.mx();
    if (data.has_txt()) *out->add_ans_txts() = data.txt();
  }
}

void SetEdns(const HostQuery& query, v1::HostSummary* out) {
  uint32_t rcode = query.rcode();
  for (const HostRr& rr : query.ar()) {
    if (rr.rtype() != kOpt) continue;
    rcode |= rr.ttl() >> 24 << 4;
    out->set_udpsize(rr.summary().udpsize());
    out->set_edns_version(rr.summary().edns_version());
    out->set_edns_do(rr.summary().edns_do());
    break;
  }
  out->set_extended_rcode_number(rcode);
  out->set_extended_rcode(HostRcodeName(rcode));
}

void SetAnswer(const HostQuery& query, uint32_t index, v1::HostSummary* out) {
  out->set_answered_query(index);
  out->set_rcode(HostRcodeName(query.rcode()));
  out->set_rcode_number(query.rcode());
  *out->mutable_tx() = query.tx();
  *out->mutable_rx() = query.rx();
  *out->mutable_rtt() = query.summary().rtt();
  Collect(query, out);
  SetEdns(query, out);
}

}  // namespace

void SummarizeHost(v1::Host* host) {
  v1::HostSummary* out = host->mutable_summary();
  out->Clear();
  out->set_qtype(HostTypeName(host->qtype()));
  out->set_qclass(HostClassName(host->qclass()));
  for (int i = 0; i < host->queries_size(); ++i) {
    SummarizeQuery(host->mutable_queries(i));
    const HostQuery& query = host->queries(i);
    if (query.summary().answered() && !out->has_answered_query())
      SetAnswer(query, static_cast<uint32_t>(i), out);
  }
}

}  // namespace scamper::records
