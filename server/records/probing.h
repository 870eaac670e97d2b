// SPDX-License-Identifier: Apache-2.0
// What a measurement does to the network: whom its packets go to, whose addresses they bear, how
// many they are. Stateless, safe to use from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/repeated_field.h"
#include "server/base/ip_prefix.h"

namespace scamper::records {

// One that gets packets.
struct Target {
  // Of one address, but for that of a prefixscan.
  base::IpPrefix prefix;
  // The path of the field that asks for it: "ping.dst".
  std::string field;
};

struct Probing {
  // All whom packets are sent to by the request: destinations, servers, a router that is to be the
  // first hop, and a source that is not the host's, as it gets the replies. Not those that answer
  // on the way, nor the name server of scamper's host. scamper resolves no names of its own accord
  // (the names in http's url and dns's qname are only told to the target), so there are no others.
  std::vector<Target> targets;
  // Paths of the fields by which packets bear a source address that need not be one of the host.
  std::vector<std::string> spoofing;
  // Packets to be expected where the targets answer at once and a path has kTypicalHops.
  uint64_t packets = 0;
  // Packets at most; absent where there is no bound, as with TCP, which sends what it needs.
  std::optional<uint64_t> packets_max;
  // What the waits between those `packets` make up, in microseconds.
  int64_t micros = 0;
};

// Of a path through the Internet.
inline constexpr uint64_t kTypicalHops = 16;

// Probes to a hop with one interface until it is taken to have no other, by the multipath detection
// algorithm: 6 for 95 percent, 8 for 99.
uint64_t ProbesToHop(uint32_t confidence);

// Appends the address, if it is one.
void AddTarget(absl::string_view field, absl::string_view address, Probing* probing);
// "radargun.addrs[0]" ...
void AddTargets(absl::string_view field,
                const google::protobuf::RepeatedPtrField<std::string>& addresses, Probing* probing);

// The duration in microseconds, `otherwise` where it is absent.
int64_t MicrosOr(bool present, const google::protobuf::Duration& duration, int64_t otherwise);

// The waits between that many packets.
int64_t WaitsBetween(uint64_t packets, int64_t wait);

}  // namespace scamper::records
