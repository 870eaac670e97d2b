// SPDX-License-Identifier: Apache-2.0
#include "server/records/tbit/tbit_packet_json.h"

#include <iterator>

#include "server/records/json_text.h"
#include "server/records/tbit/tbit_packet.h"
#include "server/records/tcp_flags.h"

namespace scamper::records {
namespace {

using v1::Tbit;
using v1::TbitPacket;

constexpr absl::string_view kTcpFlags[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};

void AppendTime(const Tbit& tbit, const TbitPacket& packet, std::string* out) {
  uint64_t seconds = static_cast<uint64_t>(packet.time().seconds()) -
                     static_cast<uint64_t>(tbit.start().seconds());
  int64_t micros = int64_t{packet.time().nanos()} / 1000 - tbit.start().nanos() / 1000;
  if (micros < 0) {
    --seconds;
    micros += 1000000;
  }
  JsonU32(", \"tv_sec\":", seconds, out);
  JsonU32(", \"tv_usec\":", static_cast<uint64_t>(micros), out);
}

// An option that is printed by its kind; nothing for others. `separator` goes before it.
class OptionAppender {
 public:
  OptionAppender(const JsonContext& context, JsonFragment* fragment, uint32_t start,
                 std::string* out)
      : context_(context), fragment_(fragment), start_(start), out_(out) {}

  void Append(uint32_t kind, absl::string_view body) {
    if (kind == 0) {
      Begin(", ", "{\"kind\":\"eol\"}");
    } else if (kind == 1) {
      Begin(", ", "{\"kind\":\"nop\"}");
    } else if (kind == 3 && body.size() == 1) {
      Begin(",", "{\"kind\":\"wscale\", \"shift\":");
      JsonU8(static_cast<uint8_t>(body[0]), out_);
      out_->push_back('}');
    } else if (kind == 4 && body.empty()) {
      Begin(",", "{\"kind\":\"sack-ok\"}");
    } else if (kind == 5 && !body.empty() && body.size() % 8 == 0 && body.size() <= 32) {
      AppendSack(body);
    } else if (kind == 8 && body.size() == 8) {
      Begin(",", "{\"kind\":\"ts\", \"val\":");
      JsonU32(Number32(body, 0), out_);
      JsonU32(", \"ecr\":", Number32(body, 4), out_);
      out_->push_back('}');
    } else if (kind == 34) {
      AppendCookie("{\"kind\":\"fo\"", body);
    } else if (kind == 254 && body.size() >= 2 && Number16(body, 0) == 0xf989) {
      AppendCookie("{\"kind\":\"fo-exp\"", body.substr(2));
    }
  }

 private:
  void Begin(absl::string_view separator, absl::string_view text) {
    if (!first_) JsonLiteral(separator, out_);
    first_ = false;
    JsonLiteral(text, out_);
  }

  void AppendSack(absl::string_view body) {
    Begin(",", "{\"kind\":\"sack\", \"blocks\":[");
    JsonJoin blocks(",", out_);
    for (size_t at = 0; at < body.size(); at += 8) {
      blocks.Next();
      JsonU32("{\"left\":", Number32(body, at) - start_, out_);
      JsonU32(", \"right\":", Number32(body, at + 4) - start_, out_);
      out_->push_back('}');
    }
    JsonLiteral("]}", out_);
  }

  // The tool does not close the object where there is no cookie.
  void AppendCookie(absl::string_view text, absl::string_view cookie) {
    Begin(", ", text);
    if (cookie.empty()) {
      if (!context_.scamper_quirks) out_->push_back('}');
      return;
    }
    JsonLiteral(", \"cookie\":\"", out_);
    fragment_->Hex(cookie);
    JsonLiteral("\"}", out_);
  }

  const JsonContext& context_;
  JsonFragment* fragment_;
  const uint32_t start_;
  std::string* out_;
  bool first_ = true;
};

void AppendIp(const IpHeader& ip, std::string* out) {
  JsonU8(", \"ip_hlen\":", ip.size, out);
  JsonU8(", \"ip_ecn\":", ip.ecn, out);
  JsonU8(", \"ip_ttl\":", ip.ttl, out);
  if (ip.has_fragment) {
    JsonU32(", \"frag_id\":", ip.id, out);
    JsonU16(", \"frag_off\":", ip.offset, out);
    JsonU8(", \"frag_mf\":", ip.mf ? 1 : 0, out);
  }
  // As the tool has it, even where DF is set.
  if (!ip.v6) JsonLiteral(", \"frag_df\":0", out);
}

void AppendTcp(const IpHeader& ip, const TcpHeader& tcp, bool tx, const JsonContext& context,
               TbitSequence* sequence, JsonFragment* fragment, std::string* out) {
  JsonU8(", \"tcp_hlen\":", tcp.size, out);
  JsonLiteral(", \"tcp_flags\":[", out);
  AppendTbitBits(tcp.flags, kTcpFlags, std::size(kTcpFlags), out);
  JsonLiteral("], \"tcp_options\":[", out);
  if ((tcp.flags & kTcpSyn) != 0) {
    auto& first = (tcp.flags & kTcpAck) != 0 ? sequence->server : sequence->client;
    if (!first) first = tcp.seq;
  }
  const uint32_t client = sequence->client.value_or(0);
  const uint32_t server = sequence->server.value_or(0);
  OptionAppender options(context, fragment, tx ? server : client, out);
  ForEachTcpOption(tcp.options,
                   [&](uint32_t kind, absl::string_view body) { options.Append(kind, body); });
  const bool bare_reset = !tx && tcp.seq == 0 && (tcp.flags & kTcpRst) != 0;
  JsonU32("], \"tcp_seq\":", bare_reset ? 0 : tcp.seq - (tx ? client : server), out);
  if ((tcp.flags & kTcpAck) != 0) JsonU32(", \"tcp_ack\":", tcp.ack - (tx ? server : client), out);
  JsonU16(", \"tcp_datalen\":", TcpDataLength(ip, tcp), out);
  JsonU16(", \"tcp_win\":", tcp.window, out);
}

}  // namespace

void AppendTbitBits(uint32_t bits, const absl::string_view* names, size_t count, std::string* out) {
  JsonJoin join(",", out);
  for (size_t i = 0; i < 32; ++i) {
    if ((bits >> i & 1) == 0) continue;
    join.Next();
    if (i < count) {
      JsonPlainString("\"", names[i], out);
    } else {
      JsonU32(uint64_t{1} << i, out);
    }
  }
}

void AppendTbitPacketJson(const Tbit& tbit, const TbitPacket& packet, const JsonContext& context,
                          TbitSequence* sequence, std::string* out) {
  JsonFragment fragment(context, 1023, out);
  const bool tx = packet.dir() == v1::TBIT_DIRECTION_TX;
  if (tx || packet.dir() == v1::TBIT_DIRECTION_RX) {
    JsonLiteral(tx ? "{\"dir\":\"tx\"" : "{\"dir\":\"rx\"", out);
  } else {
    JsonU8("{\"dir\":", static_cast<uint32_t>(packet.dir()), out);
  }
  AppendTime(tbit, packet, out);
  JsonU16(", \"len\":", packet.data().size(), out);
  if (const auto ip = ParseIp(packet.data(), ExtensionHeaders::kAll)) {
    AppendIp(*ip, out);
    if (const auto tcp = ParseTcp(packet.data(), *ip))
      AppendTcp(*ip, *tcp, tx, context, sequence, &fragment, out);
  }
  out->push_back('}');
  fragment.End();
}

}  // namespace scamper::records
