// SPDX-License-Identifier: Apache-2.0
#include "server/records/result_key.h"

#include <cstdint>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/base/ip_address.h"
#include "server/records/micros.h"

namespace scamper::records {
namespace {

// Appends the parts of a key, each so that it ends where it must.
class KeyBuilder {
 public:
  KeyBuilder(int type, uint32_t userid) {
    key_.reserve(24);
    key_.push_back(static_cast<char>(type));
    Number(userid);
  }

  KeyBuilder& Number(uint64_t n) {
    for (int shift = 0; shift < 64; shift += 8) key_.push_back(static_cast<char>(n >> shift));
    return *this;
  }

  KeyBuilder& Text(absl::string_view text) {
    Number(text.size());
    key_.append(text.data(), text.size());
    return *this;
  }

  // Nothing of a text that is no address.
  KeyBuilder& Address(absl::string_view text) {
    const auto address = base::ParseIpAddress(text);
    return Text(address.has_value() ? address->packed() : "");
  }

  std::string Take() { return std::move(key_); }

 private:
  std::string key_;
};

template <typename M>
std::string KeyByDestination(v1::Record::KindCase type, const M& m) {
  return KeyBuilder(type, m.userid()).Address(m.dst()).Take();
}

// The set, as the record may hold an address several times.
class Addresses {
 public:
  template <typename Definitions>
  Addresses& AddDsts(const Definitions& definitions) {
    for (const auto& definition : definitions) {
      if (definition.has_dst()) Add(definition.dst());
    }
    return *this;
  }
  template <typename Texts>
  Addresses& AddAll(const Texts& texts) {
    for (const std::string& text : texts) Add(text);
    return *this;
  }
  Addresses& Add(absl::string_view text) {
    if (const auto address = base::ParseIpAddress(text)) all_.insert(*address);
    return *this;
  }

  std::string Key(v1::DealiasMethod method, uint32_t userid) const {
    KeyBuilder key(v1::Record::kDealias, userid);
    key.Number(method);
    for (const base::IpAddress& address : all_) key.Text(address.packed());
    return key.Take();
  }

 private:
  std::set<base::IpAddress> all_;
};

std::string PrefixscanKey(absl::string_view near, absl::string_view far, uint32_t length,
                          uint32_t userid) {
  return KeyBuilder(v1::Record::kDealias, userid)
      .Number(v1::DEALIAS_METHOD_PREFIXSCAN)
      .Address(near)
      .Address(far)
      .Number(length)
      .Take();
}

// What a query asks for, with scamper's defaults filled in; not its userid, which daemons that need
// keys do not record.
struct Query {
  absl::string_view server;
  absl::string_view name;
  uint32_t type = v1::HOST_QUERY_TYPE_A;
  uint32_t dns_class = v1::HOST_QUERY_CLASS_IN;
  uint32_t retries = 0;
  uint64_t wait_micros = 5000000;
  uint32_t flags = 0;
};

std::string QueryKey(const Query& query) {
  absl::string_view name = query.name;
  absl::ConsumeSuffix(&name, ".");
  const auto address = base::ParseIpAddress(name);
  KeyBuilder key(v1::Record::kHost, 0);
  key.Address(query.server);
  if (address.has_value()) {
    key.Text(address->packed());
  } else {
    key.Text(absl::AsciiStrToLower(name));
  }
  return key.Number(query.type)
      .Number(query.dns_class)
      .Number(query.retries)
      .Number(query.wait_micros)
      .Number(query.flags)
      .Take();
}

Query QueryOf(const v1::DnsParameters& dns) {
  Query query{.server = dns.server(), .name = dns.qname()};
  if (dns.has_qtype()) {
    query.type = dns.qtype();
  } else if (base::ParseIpAddress(dns.qname()).has_value()) {
    query.type = v1::HOST_QUERY_TYPE_PTR;
  }
  if (dns.has_qclass()) query.dns_class = dns.qclass();
  if (dns.has_attempts()) query.retries = dns.attempts() - 1;
  if (dns.has_wait_timeout()) query.wait_micros = Micros(dns.wait_timeout());
  if (dns.has_rd() && !dns.rd()) query.flags |= v1::HOST_FLAG_NORECURSE;
  if (dns.tcp()) query.flags |= v1::HOST_FLAG_TCP;
  if (dns.nsid()) query.flags |= v1::HOST_FLAG_NSID;
  return query;
}

Query QueryOf(const v1::Host& host) {
  return {.server = host.dst(),
          .name = host.qname(),
          .type = host.qtype(),
          .dns_class = host.qclass(),
          .retries = host.retries(),
          .wait_micros = Micros(host.wait_timeout()),
          .flags = host.flags()};
}

constexpr uint32_t kDefaultPackets = 100;
constexpr uint64_t kDefaultCaptureMicros = 60000000;

std::string SniffKey(absl::string_view src, uint32_t userid, uint32_t icmp_id, uint32_t packets,
                     uint64_t micros) {
  return KeyBuilder(v1::Record::kSniff, userid)
      .Address(src)
      .Number(icmp_id)
      .Number(packets)
      .Number(micros)
      .Take();
}

}  // namespace

std::string ResultKey(const v1::TraceParameters& trace) {
  return KeyByDestination(v1::Record::kTrace, trace);
}
std::string ResultKey(const v1::Trace& trace) {
  return KeyByDestination(v1::Record::kTrace, trace);
}

std::string ResultKey(const v1::PingParameters& ping) {
  return KeyByDestination(v1::Record::kPing, ping);
}
std::string ResultKey(const v1::Ping& ping) { return KeyByDestination(v1::Record::kPing, ping); }

std::string ResultKey(const v1::TracelbParameters& tracelb) {
  return KeyByDestination(v1::Record::kTracelb, tracelb);
}
std::string ResultKey(const v1::Tracelb& tracelb) {
  return KeyByDestination(v1::Record::kTracelb, tracelb);
}

std::string ResultKey(const v1::MercatorParameters& mercator) {
  return Addresses().Add(mercator.dst()).Key(v1::DEALIAS_METHOD_MERCATOR, mercator.userid());
}
std::string ResultKey(const v1::AllyParameters& ally) {
  return Addresses()
      .Add(ally.dst1())
      .Add(ally.dst2())
      .AddDsts(ally.probedefs())
      .Key(v1::DEALIAS_METHOD_ALLY, ally.userid());
}
std::string ResultKey(const v1::RadargunParameters& radargun) {
  return Addresses()
      .AddAll(radargun.addrs())
      .AddDsts(radargun.probedefs())
      .Key(v1::DEALIAS_METHOD_RADARGUN, radargun.userid());
}
std::string ResultKey(const v1::PrefixscanParameters& prefixscan) {
  return PrefixscanKey(prefixscan.near(), prefixscan.far(), prefixscan.prefixlen(),
                       prefixscan.userid());
}
std::string ResultKey(const v1::BumpParameters& bump) {
  return Addresses().AddDsts(bump.probedefs()).Key(v1::DEALIAS_METHOD_BUMP, bump.userid());
}
std::string ResultKey(const v1::MidarestParameters& midarest) {
  return Addresses().AddAll(midarest.addrs()).Key(v1::DEALIAS_METHOD_MIDAREST, midarest.userid());
}
std::string ResultKey(const v1::MidardiscParameters& midardisc) {
  return Addresses()
      .AddDsts(midardisc.probedefs())
      .Key(v1::DEALIAS_METHOD_MIDARDISC, midardisc.userid());
}
std::string ResultKey(const v1::Dealias& dealias) {
  if (dealias.has_prefixscan()) {
    const v1::DealiasPrefixscan& scan = dealias.prefixscan();
    return PrefixscanKey(scan.a(), scan.b(), scan.prefix(), dealias.userid());
  }
  return Addresses().AddDsts(dealias.probedefs()).Key(dealias.method(), dealias.userid());
}

std::string ResultKey(const v1::NeighbourdiscParameters& neighbourdisc) {
  return KeyBuilder(v1::Record::kNeighbourdisc, 0)
      .Address(neighbourdisc.dst())
      .Text(neighbourdisc.ifname())
      .Take();
}
std::string ResultKey(const v1::Neighbourdisc& neighbourdisc) {
  return KeyBuilder(v1::Record::kNeighbourdisc, neighbourdisc.userid())
      .Address(neighbourdisc.dst_ip())
      .Text(neighbourdisc.ifname())
      .Take();
}

std::string ResultKey(const v1::TbitParameters& tbit) {
  return KeyByDestination(v1::Record::kTbit, tbit);
}
std::string ResultKey(const v1::Tbit& tbit) { return KeyByDestination(v1::Record::kTbit, tbit); }

std::string ResultKey(const v1::SniffParameters& sniff) {
  return SniffKey(sniff.src(), sniff.userid(), sniff.icmp_id(),
                  sniff.has_limit_pkt_count() ? sniff.limit_pkt_count() : kDefaultPackets,
                  sniff.has_limit_time() ? Micros(sniff.limit_time()) : kDefaultCaptureMicros);
}
std::string ResultKey(const v1::Sniff& sniff) {
  return SniffKey(sniff.src(), sniff.userid(), sniff.icmp_id(), sniff.limit_pkt_count(),
                  Micros(sniff.limit_time()));
}

std::string ResultKey(const v1::DnsParameters& dns) { return QueryKey(QueryOf(dns)); }
std::string QueryKey(const v1::DnsParameters& dns) {
  const Query query = QueryOf(dns);
  return QueryKey(
      {.server = "", .name = query.name, .type = query.type, .dns_class = query.dns_class});
}
std::string ResultKey(const v1::Host& host) { return QueryKey(QueryOf(host)); }
std::string ResultKeyWithoutServer(const v1::Host& host) {
  Query query = QueryOf(host);
  query.server = "";
  return QueryKey(query);
}

std::string ResultKey(const v1::HttpParameters& http) {
  return KeyByDestination(v1::Record::kHttp, http);
}
std::string ResultKey(const v1::Http& http) { return KeyByDestination(v1::Record::kHttp, http); }

std::string ResultKey(const v1::UdpprobeParameters& udpprobe) {
  return KeyByDestination(v1::Record::kUdpprobe, udpprobe);
}
std::string ResultKey(const v1::Udpprobe& udpprobe) {
  return KeyByDestination(v1::Record::kUdpprobe, udpprobe);
}

std::string ResultKey(const v1::OwampParameters& owamp) {
  return KeyByDestination(v1::Record::kOwamp, owamp);
}
std::string ResultKey(const v1::Owamp& owamp) {
  return KeyByDestination(v1::Record::kOwamp, owamp);
}

}  // namespace scamper::records
