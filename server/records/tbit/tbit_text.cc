// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/records/tbit/tbit_names.h"
#include "server/records/tbit/tbit_packet.h"
#include "server/records/tcp_flags.h"

namespace scamper::records {
namespace {

using v1::Tbit;
using v1::TbitPacket;

constexpr size_t kMaxText = 131071;
constexpr size_t kMaxSack = 127;

// First sequence numbers, as far as they are known.
struct Start {
  uint32_t client = 0;
  uint32_t server = 0;
};

void AppendHead(const Tbit& tbit, std::string* out) {
  absl::StrAppend(out, "tbit from ", tbit.src(), " to ", tbit.dst(), "\n server-mss ",
                  tbit.server_mss(), ", result: ", TbitResultName(tbit.result()), "\n");
  if (tbit.app() != v1::TBIT_APP_HTTP || !tbit.has_http()) return;
  const v1::TbitHttp& http = tbit.http();
  out->append(" app: http");
  if (http.has_host()) {
    absl::StrAppend(out, ", url: ", http.type() == v1::TBIT_HTTP_TYPE_HTTPS ? "https" : "http",
                    "://", http.host(), http.file());
  } else if (http.has_file()) {
    absl::StrAppend(out, ", file: ", http.file());
  }
  out->push_back('\n');
}

// Since the start, in whole milliseconds.
void AppendTime(const Tbit& tbit, const TbitPacket& packet, std::string* out) {
  int64_t seconds = static_cast<int64_t>(static_cast<uint64_t>(packet.time().seconds()) -
                                         static_cast<uint64_t>(tbit.start().seconds()));
  int64_t micros = int64_t{packet.time().nanos()} / 1000 - tbit.start().nanos() / 1000;
  if (micros < 0) {
    seconds = static_cast<int64_t>(static_cast<uint64_t>(seconds) - 1);
    micros += 1000000;
  }
  absl::StrAppendFormat(out, " [%3d.%03d] %s ", static_cast<int32_t>(seconds), micros / 1000,
                        packet.dir() == v1::TBIT_DIRECTION_TX ? "TX" : "RX");
}

std::string FlagText(uint32_t flags) {
  std::string text;
  if ((flags & kTcpSyn) != 0) {
    text = (flags & kTcpAck) != 0 ? "SYN/ACK" : "SYN";
  } else if ((flags & kTcpFin) != 0) {
    text = "FIN";
  } else if ((flags & kTcpRst) != 0) {
    text = "RST";
  }
  if ((flags & kTcpEce) != 0) absl::StrAppend(&text, text.empty() ? "" : "/", "ECE");
  if ((flags & kTcpCwr) != 0) absl::StrAppend(&text, text.empty() ? "" : "/", "CWR");
  return text;
}

bool IsSack(uint32_t kind, absl::string_view body) {
  return kind == 5 && !body.empty() && body.size() % 8 == 0 && body.size() <= 32;
}

std::string SackText(const TcpHeader& tcp, uint32_t start) {
  std::string text;
  ForEachTcpOption(tcp.options, [&](uint32_t kind, absl::string_view body) {
    if (!IsSack(kind, body)) return;
    for (size_t at = 0; at < body.size(); at += 8) {
      absl::StrAppend(&text, at == 0 ? " {" : ",", Number32(body, at) - start, ":",
                      Number32(body, at + 4) - start);
    }
    text.push_back('}');
  });
  return text.substr(0, kMaxSack);
}

bool IsFragment(const IpHeader& ip) { return ip.v6 ? ip.has_fragment : ip.mf || ip.offset != 0; }

std::string IdText(const IpHeader& ip) {
  if (!ip.v6) return absl::StrFormat(" %04x", ip.id);
  return ip.has_fragment ? absl::StrFormat("%x", ip.id) : "";
}

std::string FragmentText(const IpHeader& ip) {
  return IsFragment(ip) ? absl::StrCat(":", ip.offset, ip.mf ? " MF" : "") : "";
}

void AppendTcp(const IpHeader& ip, const TcpHeader& tcp, bool tx, Start* start, std::string* out) {
  if ((tcp.flags & kTcpSyn) != 0)
    ((tcp.flags & kTcpAck) != 0 ? start->server : start->client) = tcp.seq;
  const uint32_t seq = tcp.seq - (tx ? start->client : start->server);
  const uint32_t other = tx ? start->server : start->client;
  const uint32_t data = TcpDataLength(ip, tcp);
  std::string numbers = absl::StrCat(" seq = ", seq, ":", tcp.ack - other);
  if (data != 0) absl::StrAppend(&numbers, "(", data, ")");
  numbers += SackText(tcp, other);
  absl::StrAppendFormat(out, "%-13s %4u%s%-23s", FlagText(tcp.flags), ip.length,
                        IsFragment(ip) ? "F" : " ", numbers);
  absl::StrAppend(out, IdText(ip), FragmentText(ip));
  if (data > 0 && ip.df) out->append(" DF");
  if (ip.ecn == 3) {
    out->append(" CE");
  } else if (ip.ecn != 0) {
    out->append(" ECT");
  }
}

// A packet too big.
void AppendIcmp(absl::string_view packet, const IpHeader& ip, std::string* out) {
  const absl::string_view icmp =
      ip.size + 8 <= packet.size() ? packet.substr(ip.size) : absl::string_view();
  if (icmp.empty()) return;
  if (ip.proto == 1 && icmp[0] == 3 && icmp[1] == 4) {
    absl::StrAppendFormat(out, "%-13s %4u  mtu = %u", "PTB", ip.length, Number16(icmp, 6));
  } else if (ip.proto == 58 && icmp[0] == 2) {
    absl::StrAppendFormat(out, "%-13s %4u  mtu = %d", "PTB", ip.length,
                          static_cast<int32_t>(Number32(icmp, 4)));
  }
}

void AppendPacket(const Tbit& tbit, const TbitPacket& packet, Start* start, std::string* out) {
  const auto ip = ParseIp(packet.data(), ExtensionHeaders::kLong);
  if (!ip) return;
  AppendTime(tbit, packet, out);
  if (ip->offset != 0) {
    absl::StrAppendFormat(out, "%13s %4uF%22s ", "", ip->length, "");
    absl::StrAppend(out, IdText(*ip), FragmentText(*ip));
  } else if (const auto tcp = ParseTcp(packet.data(), *ip)) {
    AppendTcp(*ip, *tcp, packet.dir() == v1::TBIT_DIRECTION_TX, start, out);
  } else {
    AppendIcmp(packet.data(), *ip, out);
  }
  out->push_back('\n');
}

}  // namespace

void AppendTbitText(const Tbit& tbit, std::string* out) {
  const size_t begin = out->size();
  AppendHead(tbit, out);
  Start start;
  for (const TbitPacket& packet : tbit.packets()) AppendPacket(tbit, packet, &start, out);
  if (out->size() - begin > kMaxText) out->resize(begin + kMaxText);
}

}  // namespace scamper::records
