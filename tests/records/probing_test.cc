// SPDX-License-Identifier: Apache-2.0
// Whom measurements send packets to, and how many: for every kind, and every field with an address.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/records/probing.h"
#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

// "field prefix" of each target.
std::string TargetsOf(const v1::Measurement& measurement) {
  std::vector<std::string> texts;
  for (const Target& target : ProbingOf(measurement).targets) {
    texts.push_back(absl::StrCat(target.field, " ", base::FormatIpPrefix(target.prefix)));
  }
  return absl::StrJoin(texts, "\n");
}

v1::Measurement With(const char* kind, absl::string_view more, bool with_base = true) {
  return MeasurementOf(kind, absl::StrCat(with_base ? BaseOf(kind) : "", " ", more));
}

TEST(ProbingTest, TargetsAreAllWhoGetPackets) {
  const struct {
    const char* kind;
    const char* more;
    const char* targets;
  } rows[] = {
      {"trace", "rtr: '192.0.2.9' src: '198.51.100.1' gss: '203.0.113.1'",
       "trace.dst 192.0.2.1/32\ntrace.rtr 192.0.2.9/32"},
      {"tracelb", "rtr: '192.0.2.9'", "tracelb.dst 192.0.2.1/32\ntracelb.rtr 192.0.2.9/32"},
      {"ping", "src: '198.51.100.1' tsprespec { addrs: '203.0.113.1' }", "ping.dst 192.0.2.1/32"},
      {"ping", "rtr: '192.0.2.9' src: '198.51.100.1' spoof: true",
       "ping.dst 192.0.2.1/32\nping.rtr 192.0.2.9/32\nping.src 198.51.100.1/32"},
      {"dns", "", ""},
      {"dns", "server: '192.0.2.53' ecs: '203.0.113.0/24'", "dns.server 192.0.2.53/32"},
      {"http", "", "http.dst 192.0.2.1/32"},
      {"udpprobe", "src: '198.51.100.1'", "udpprobe.dst 192.0.2.1/32"},
      {"sniff", "", ""},
      {"neighbourdisc", "", "neighbourdisc.dst 192.0.2.1/32"},
      {"tbit", "ptbsrc: '198.51.100.1' src: '198.51.100.2'", "tbit.dst 192.0.2.1/32"},
      {"owamp", "", "owamp.dst 192.0.2.1/32"},
      {"mercator", "", "mercator.dst 192.0.2.1/32"},
      {"ally", "", "ally.dst1 192.0.2.1/32\nally.dst2 192.0.2.2/32"},
      {"radargun", "", "radargun.addrs[0] 192.0.2.1/32\nradargun.addrs[1] 192.0.2.2/32"},
      {"prefixscan", "", "prefixscan.near 192.0.2.1/32\nprefixscan.far 192.0.2.0/30"},
      {"bump", "", "bump.probedefs[0].dst 192.0.2.1/32\nbump.probedefs[1].dst 192.0.2.2/32"},
      {"midarest", "", "midarest.addrs[0] 192.0.2.1/32"},
      {"midardisc", "",
       "midardisc.probedefs[0].dst 192.0.2.1/32\nmidardisc.probedefs[1].dst 192.0.2.2/32"},
  };
  for (const auto& row : rows) {
    const v1::Measurement measurement = With(row.kind, row.more);
    EXPECT_THAT(ViolationsOf(measurement), testing::IsEmpty()) << row.kind << " " << row.more;
    EXPECT_EQ(TargetsOf(measurement), row.targets) << row.kind << " " << row.more;
  }
  EXPECT_EQ(
      TargetsOf(With("neighbourdisc", "dst: '2001:db8::1' src: '2001:db8::2' ifname: 'e0'", false)),
      "neighbourdisc.dst 2001:db8::1/128\nneighbourdisc.src 2001:db8::2/128");
  for (const char* kind : {"ally", "radargun"}) {
    EXPECT_EQ(TargetsOf(With(kind, "probedefs { dst: '192.0.2.7' } probedefs { dst: '192.0.2.8' }",
                             false)),
              absl::StrCat(kind, ".probedefs[0].dst 192.0.2.7/32\n", kind,
                           ".probedefs[1].dst 192.0.2.8/32"));
  }
}

TEST(ProbingTest, PrefixscanHasTheWholePrefixAroundFar) {
  EXPECT_EQ(
      TargetsOf(With("prefixscan", "near: '192.0.2.1' far: '198.51.100.77' prefixlen: 24", false)),
      "prefixscan.near 192.0.2.1/32\nprefixscan.far 198.51.100.0/24");
}

// Puts an address into the one string field, below the message at `path`, and says whether it
// becomes a target.
void Judge(const char* kind, const FieldDescriptor* field, Message* parent,
           const v1::Measurement& whole, const std::string& path, std::set<std::string>* ignored) {
  const auto* reflection = parent->GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(parent, field, "203.0.113.99");
  } else {
    reflection->SetString(parent, field, "203.0.113.99");
  }
  if (TargetsOf(whole).find("203.0.113.") == std::string::npos) {
    ignored->insert(absl::StrCat(kind, ".", path, field->name()));
  }
}

void JudgeAll(const char* kind, const Descriptor* type, const std::vector<int>& to,
              const std::string& path, std::set<std::string>* ignored) {
  for (int i = 0; i < type->field_count(); ++i) {
    v1::Measurement measurement = With(kind, "");
    Message* parent = MutableParameters(&measurement, kind);
    for (int number : to) {
      const auto* step = parent->GetDescriptor()->FindFieldByNumber(number);
      parent = step->is_repeated() ? parent->GetReflection()->AddMessage(parent, step)
                                   : parent->GetReflection()->MutableMessage(parent, step);
    }
    const FieldDescriptor* field = type->field(i);
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      Judge(kind, field, parent, measurement, path, ignored);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      std::vector<int> further = to;
      further.push_back(field->number());
      JudgeAll(kind, field->message_type(), further, absl::StrCat(path, field->name(), "."),
               ignored);
    }
  }
}

// A new field with an address must be made a target, or be added here.
TEST(ProbingTest, NoOtherFieldThatCanHoldAnAddressIsLeftOut) {
  std::set<std::string> ignored;
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const auto* kind = kinds->field(i);
    JudgeAll(kind->name().c_str(), kind->message_type(), {}, "", &ignored);
  }
  EXPECT_THAT(
      ignored,
      testing::UnorderedElementsAre(
          // Sources, of the host itself where not spoofed.
          "ping.src", "trace.src", "udpprobe.src", "tbit.src", "tbit.ptbsrc", "sniff.src",
          // Only carried, or compared with.
          "ping.pattern", "ping.tsprespec.addrs", "trace.gss", "trace.lss", "dns.qname", "dns.ecs",
          "http.url", "http.headers.name", "http.headers.value", "tbit.url", "neighbourdisc.ifname",
          // Not valid there: the measurement has the addresses.
          "mercator.probedefs.dst", "prefixscan.probedefs.dst", "midarest.probedefs.dst"));
}

TEST(ProbingTest, SaysWhatSpoofsASource) {
  const auto spoofing = [](const char* kind, absl::string_view more) {
    return absl::StrJoin(ProbingOf(With(kind, more)).spoofing, " ");
  };
  EXPECT_EQ(spoofing("ping", "src: '198.51.100.1'"), "");
  EXPECT_EQ(spoofing("ping", "src: '198.51.100.1' spoof: true"), "ping.spoof");
  EXPECT_EQ(spoofing("neighbourdisc", ""), "");
  EXPECT_EQ(spoofing("neighbourdisc", "src: '2001:db8::2'"), "neighbourdisc.src");
  EXPECT_EQ(spoofing("tbit", ""), "");
  EXPECT_EQ(spoofing("tbit", "ptbsrc: '198.51.100.1'"), "tbit.ptbsrc");
  EXPECT_EQ(spoofing("trace", "src: '198.51.100.1'"), "");
}

TEST(ProbingTest, CountsPacketsAndTheWaitsBetweenThem) {
  const struct {
    const char* kind;
    const char* more;
    uint64_t packets;
    int64_t max;  // -1: none.
    double seconds;
  } rows[] = {
      {"ping", "", 4, 4, 3},
      {"ping", "attempts: 10 wait_probe { nanos: 100000000 }", 10, 10, 0.9},
      {"ping", "attempts: 10 stop_count: 2", 2, 10, 1},
      {"ping", "attempts: 3 mtu: 1000 size: 1200", 4, 6, 2},
      {"trace", "", 16, 255 * 2, 0},
      {"trace", "firsthop: 11 attempts: 3", 6, 245 * 3, 0},
      {"trace", "firsthop: 30", 1, 226 * 2, 0},
      {"trace", "hoplimit: 3", 3, 6, 0},
      {"trace", "hoplimit: 3 gapaction: TRACE_GAP_ACTION_LASTDITCH", 3, 8, 0},
      {"trace", "hoplimit: 3 firsthop: 3 lss: 'a'", 3, 6, 0},
      {"trace", "attempts: 3 all_attempts: true wait_probe { nanos: 10000000 }", 48, 765, 0.47},
      {"trace", "attempts: 3 all_attempts: true wait_probe_hop { seconds: 1 }", 48, 765, 32},
      {"trace", "squeries: 5", 20, 510, 0},
      {"trace", "confidence: 95", 96, -1, 0},
      {"trace", "confidence: 99", 128, -1, 0},
      {"trace", "pmtud: true", 17, -1, 0},
      {"tracelb", "", 96, 3000, 23.75},
      {"tracelb", "confidence: 99 wait_probe { nanos: 150000000 }", 128, 3000, 19.05},
      {"tracelb", "max_probec: 50", 50, 50, 12.25},
      {"dns", "attempts: 3", 1, 3, 0},
      {"dns", "tcp: true", 5, -1, 0},
      {"http", "", 10, -1, 0},
      {"udpprobe", "", 1, 1, 2},
      {"udpprobe", "exitfirst: true", 1, 1, 0},
      {"udpprobe", "attempts: 5 stop_count: 3 wait_timeout { seconds: 1 }", 3, 5, 3},
      {"sniff", "", 0, 0, 60},
      {"neighbourdisc", "attempts: 3", 1, 3, 1},
      {"neighbourdisc", "attempts: 3 first_response: true", 1, 3, 0},
      {"neighbourdisc", "attempts: 3 all_attempts: true", 3, 3, 3},
      {"tbit", "", 15, -1, 0},
      {"owamp", "", 20, -1, 2.9},
      {"owamp",
       "attempts: 4 direction: OWAMP_DIRECTION_RX schedule { interval { seconds: 1 } } "
       "schedule { interval { seconds: 2 } }",
       10, -1, 6},
      {"mercator", "", 1, 3, 0},
      {"ally", "", 5, 5, 0.6},
      {"radargun", "", 60, 60, 8.7 + 0.15},
      {"radargun", "rounds: 3 wait_round { seconds: 1 } wait_probe { nanos: 100000000 }", 6, 6,
       2.1},
      {"prefixscan", "", 7, 2 + 3 * 2 * 5 * 2, 6},
      {"prefixscan", "attempts: 1 replyc: 3 wait_probe { nanos: 20000000 }", 4, 1 + 3 * 2 * 3,
       0.06},
      {"bump", "", 9, 99, 8},
      {"midarest", "", 60, 60, 290 + 5},
      {"midarest", "rounds: 2 wait_probe { seconds: 1 }", 4, 4, 3},
      {"midardisc", "", 4, 4, 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.kind, " ", row.more));
    const v1::Measurement measurement = With(row.kind, row.more);
    EXPECT_THAT(ViolationsOf(measurement), testing::IsEmpty());
    const Probing probing = ProbingOf(measurement);
    EXPECT_EQ(probing.packets, row.packets);
    EXPECT_EQ(probing.packets_max ? static_cast<int64_t>(*probing.packets_max) : -1, row.max);
    EXPECT_EQ(probing.micros, static_cast<int64_t>(row.seconds * 1e6 + 0.5));
  }
}

}  // namespace
}  // namespace scamper::records
