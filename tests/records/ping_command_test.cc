// SPDX-License-Identifier: Apache-2.0
#include "server/records/ping/ping_command.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Ping(absl::string_view text) { return MeasurementOf("ping", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Ping(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Ping(text), kNewest); }

// clang-format off
// The commands of golden recordings of scamper 20260420.
const Golden kGolden[] = {
    {"ping -c 3 -i 0.1 -P icmp-echo -U 0 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_ICMP_ECHO attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 0",
     "ping -P icmp-echo -c 3 -i 100ms -U 0 192.0.2.6",
     "ping -P icmp-echo -c 3 -i 0.1 -U 0 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P icmp-echo -U 1 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_ICMP_ECHO attempts: 3 wait_probe { nanos: "
     "100000000 } userid: 1",
     "ping -P icmp-echo -c 3 -i 100ms -U 1 2001:db8:99::6",
     "ping -P icmp-echo -c 3 -i 0.1 -U 1 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P icmp-time -U 2 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_ICMP_TIME attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 2",
     "ping -P icmp-time -c 3 -i 100ms -U 2 192.0.2.6",
     "ping -P icmp-time -c 3 -i 0.1 -U 2 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-syn -d 80 -U 3 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_SYN attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 3",
     "ping -P tcp-syn -c 3 -d 80 -i 100ms -U 3 192.0.2.6",
     "ping -P tcp-syn -c 3 -d 80 -i 0.1 -U 3 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-syn -d 80 -U 4 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_SYN attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 4",
     "ping -P tcp-syn -c 3 -d 80 -i 100ms -U 4 2001:db8:99::6",
     "ping -P tcp-syn -c 3 -d 80 -i 0.1 -U 4 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P tcp-ack -d 80 -U 5 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_ACK attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 5",
     "ping -P tcp-ack -c 3 -d 80 -i 100ms -U 5 192.0.2.6",
     "ping -P tcp-ack -c 3 -d 80 -i 0.1 -U 5 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-ack -d 80 -U 6 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_ACK attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 6",
     "ping -P tcp-ack -c 3 -d 80 -i 100ms -U 6 2001:db8:99::6",
     "ping -P tcp-ack -c 3 -d 80 -i 0.1 -U 6 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P tcp-ack-sport -d 80 -U 7 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_ACK_SPORT attempts: 3 dport: 80 wait_probe { "
     "nanos: 100000000 } userid: 7",
     "ping -P tcp-ack-sport -c 3 -d 80 -i 100ms -U 7 192.0.2.6",
     "ping -P tcp-ack-sport -c 3 -d 80 -i 0.1 -U 7 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-ack-sport -d 80 -U 8 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_ACK_SPORT attempts: 3 dport: 80 wait_probe { "
     "nanos: 100000000 } userid: 8",
     "ping -P tcp-ack-sport -c 3 -d 80 -i 100ms -U 8 2001:db8:99::6",
     "ping -P tcp-ack-sport -c 3 -d 80 -i 0.1 -U 8 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P tcp-synack -d 80 -U 9 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_SYNACK attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 9",
     "ping -P tcp-synack -c 3 -d 80 -i 100ms -U 9 192.0.2.6",
     "ping -P tcp-synack -c 3 -d 80 -i 0.1 -U 9 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-synack -d 80 -U 10 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_SYNACK attempts: 3 dport: 80 wait_probe { "
     "nanos: 100000000 } userid: 10",
     "ping -P tcp-synack -c 3 -d 80 -i 100ms -U 10 2001:db8:99::6",
     "ping -P tcp-synack -c 3 -d 80 -i 0.1 -U 10 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P tcp-rst -d 80 -U 11 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_RST attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 11",
     "ping -P tcp-rst -c 3 -d 80 -i 100ms -U 11 192.0.2.6",
     "ping -P tcp-rst -c 3 -d 80 -i 0.1 -U 11 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P tcp-rst -d 80 -U 12 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_RST attempts: 3 dport: 80 wait_probe { nanos: "
     "100000000 } userid: 12",
     "ping -P tcp-rst -c 3 -d 80 -i 100ms -U 12 2001:db8:99::6",
     "ping -P tcp-rst -c 3 -d 80 -i 0.1 -U 12 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P tcp-syn-sport -d 80 -U 13 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_SYN_SPORT attempts: 3 dport: 80 wait_probe { "
     "nanos: 100000000 } userid: 13",
     "ping -P tcp-syn-sport -c 3 -d 80 -i 100ms -U 13 192.0.2.6",
     "needs scamper 20230224 "},
    {"ping -c 3 -i 0.1 -P tcp-syn-sport -d 80 -U 14 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_TCP_SYN_SPORT attempts: 3 dport: 80 wait_probe { "
     "nanos: 100000000 } userid: 14",
     "ping -P tcp-syn-sport -c 3 -d 80 -i 100ms -U 14 2001:db8:99::6",
     "needs scamper 20230224 "},
    {"ping -c 3 -i 0.1 -P udp -U 15 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_UDP attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 15",
     "ping -P udp -c 3 -i 100ms -U 15 192.0.2.6",
     "ping -P udp -c 3 -i 0.1 -U 15 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P udp -U 16 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_UDP attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 16",
     "ping -P udp -c 3 -i 100ms -U 16 2001:db8:99::6",
     "ping -P udp -c 3 -i 0.1 -U 16 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P udp-dport -U 17 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_UDP_DPORT attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 17",
     "ping -P udp-dport -c 3 -i 100ms -U 17 192.0.2.6",
     "ping -P udp-dport -c 3 -i 0.1 -U 17 192.0.2.6"},
    {"ping -c 3 -i 0.1 -P udp-dport -U 18 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_UDP_DPORT attempts: 3 wait_probe { nanos: "
     "100000000 } userid: 18",
     "ping -P udp-dport -c 3 -i 100ms -U 18 2001:db8:99::6",
     "ping -P udp-dport -c 3 -i 0.1 -U 18 2001:db8:99::6"},
    {"ping -c 3 -i 0.1 -P udp-sport -U 19 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_UDP_SPORT attempts: 3 wait_probe { nanos: 100000000 } "
     "userid: 19",
     "ping -P udp-sport -c 3 -i 100ms -U 19 192.0.2.6",
     "needs scamper 20240916 "},
    {"ping -c 3 -i 0.1 -P udp-sport -U 20 2001:db8:99::6",
     "dst: '2001:db8:99::6' method: PING_METHOD_UDP_SPORT attempts: 3 wait_probe { nanos: "
     "100000000 } userid: 20",
     "ping -P udp-sport -c 3 -i 100ms -U 20 2001:db8:99::6",
     "needs scamper 20240916 "},
    {"ping -c 2 -i 0.1 -R 192.0.2.2",
     "dst: '192.0.2.2' attempts: 2 wait_probe { nanos: 100000000 } recordroute: true",
     "ping -c 2 -i 100ms -R 192.0.2.2",
     "ping -c 2 -i 0.1 -R 192.0.2.2"},
    {"ping -c 2 -i 0.1 -T tsonly 192.0.2.2",
     "dst: '192.0.2.2' attempts: 2 wait_probe { nanos: 100000000 } tsonly: true",
     "ping -c 2 -i 100ms -T tsonly 192.0.2.2",
     "ping -c 2 -i 0.1 -T tsonly 192.0.2.2"},
    {"ping -c 2 -i 0.1 -T tsandaddr 192.0.2.2",
     "dst: '192.0.2.2' attempts: 2 wait_probe { nanos: 100000000 } tsandaddr: true",
     "ping -c 2 -i 100ms -T tsandaddr 192.0.2.2",
     "ping -c 2 -i 0.1 -T tsandaddr 192.0.2.2"},
    {"ping -c 2 -i 0.1 -T tsprespec=198.51.100.1,192.0.2.2 192.0.2.2",
     "dst: '192.0.2.2' attempts: 2 wait_probe { nanos: 100000000 } tsprespec { addrs: "
     "'198.51.100.1' addrs: '192.0.2.2' }",
     "ping -c 2 -i 100ms -T tsprespec=198.51.100.1,192.0.2.2 192.0.2.2",
     "ping -c 2 -i 0.1 -T tsprespec=198.51.100.1,192.0.2.2 192.0.2.2"},
    {"ping -c 4 -o 2 -i 0.1 192.0.2.3",
     "dst: '192.0.2.3' attempts: 4 wait_probe { nanos: 100000000 } stop_count: 2",
     "ping -c 4 -i 100ms -o 2 192.0.2.3",
     "ping -c 4 -i 0.1 -o 2 192.0.2.3"},
    {"ping -c 2 -i 0.1 -B deadbeef 192.0.2.4",
     "dst: '192.0.2.4' attempts: 2 wait_probe { nanos: 100000000 } payload: '\\xde\\xad\\xbe\\xef'",
     "ping -c 2 -i 100ms -B deadbeef 192.0.2.4",
     "ping -c 2 -i 0.1 -B deadbeef 192.0.2.4"},
    {"ping -c 2 -i 0.1 -p 0f0f 192.0.2.4",
     "dst: '192.0.2.4' attempts: 2 wait_probe { nanos: 100000000 } pattern: '0f0f'",
     "ping -c 2 -i 100ms -p 0f0f 192.0.2.4",
     "ping -c 2 -i 0.1 -p 0f0f 192.0.2.4"},
    {"ping -c 2 -i 0.1 -s 200 -m 5 -z 16 192.0.2.5",
     "dst: '192.0.2.5' attempts: 2 wait_probe { nanos: 100000000 } tos: 16 ttl: 5 size: 200",
     "ping -c 2 -i 100ms -z 16 -m 5 -s 200 192.0.2.5",
     "ping -c 2 -i 0.1 -z 16 -m 5 -s 200 192.0.2.5"},
    {"ping -c 2 -i 0.1 -m 2 192.0.2.5",
     "dst: '192.0.2.5' attempts: 2 wait_probe { nanos: 100000000 } ttl: 2",
     "ping -c 2 -i 100ms -m 2 192.0.2.5",
     "ping -c 2 -i 0.1 -m 2 192.0.2.5"},
    {"ping -c 2 -i 0.1 -C 4660 -d 100 -F 77 192.0.2.5",
     "dst: '192.0.2.5' attempts: 2 icmp_id: 77 icmp_seq: 100 icmp_sum: 4660 wait_probe { nanos: "
     "100000000 }",
     "ping -c 2 -F 77 -d 100 -C 4660 -i 100ms 192.0.2.5",
     "ping -c 2 -F 77 -d 100 -C 4660 -i 0.1 192.0.2.5"},
    {"ping -c 2 -i 0.1 192.0.2.130",
     "dst: '192.0.2.130' attempts: 2 wait_probe { nanos: 100000000 }",
     "ping -c 2 -i 100ms 192.0.2.130",
     "ping -c 2 -i 0.1 192.0.2.130"},
    {"ping -c 2 -i 0.1 192.0.2.227",
     "dst: '192.0.2.227' attempts: 2 wait_probe { nanos: 100000000 }",
     "ping -c 2 -i 100ms 192.0.2.227",
     "ping -c 2 -i 0.1 192.0.2.227"},
    {"ping -c 2 -i 0.1 -P udp 192.0.2.9",
     "dst: '192.0.2.9' method: PING_METHOD_UDP attempts: 2 wait_probe { nanos: 100000000 }",
     "ping -P udp -c 2 -i 100ms 192.0.2.9",
     "ping -P udp -c 2 -i 0.1 192.0.2.9"},
    {"ping -c 3 -i 0.2 -s 1300 -M 1280 -O tbt -o 2 2001:db8:99::2",
     "dst: '2001:db8:99::2' attempts: 3 wait_probe { nanos: 200000000 } mtu: 1280 stop_count: 2 "
     "size: 1300 tbt: true",
     "ping -c 3 -i 200ms -M 1280 -o 2 -s 1300 -O tbt 2001:db8:99::2",
     "ping -c 3 -i 0.2 -M 1280 -o 2 -s 1300 -O tbt 2001:db8:99::2"},
    {"ping -c 2 -i 0.1 -O dl 192.0.2.8",
     "dst: '192.0.2.8' attempts: 2 wait_probe { nanos: 100000000 } dl: true",
     "ping -c 2 -i 100ms -O dl 192.0.2.8",
     "ping -c 2 -i 0.1 -O dl 192.0.2.8"},
    {"ping -c 2 -i 0.1 -A 12345 -P tcp-ack -d 80 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_ACK attempts: 2 tcp_ack: 12345 dport: 80 "
     "wait_probe { nanos: 100000000 }",
     "ping -P tcp-ack -c 2 -A 12345 -d 80 -i 100ms 192.0.2.6",
     "ping -P tcp-ack -c 2 -A 12345 -d 80 -i 0.1 192.0.2.6"},
    {"ping -c 2 -i 0.1 -P tcp-syn -d 80 -O mss=1400 192.0.2.6",
     "dst: '192.0.2.6' method: PING_METHOD_TCP_SYN attempts: 2 dport: 80 wait_probe { nanos: "
     "100000000 } mss: 1400",
     "ping -P tcp-syn -c 2 -d 80 -i 100ms -O mss=1400 192.0.2.6",
     "needs scamper 20250401 "},
    {"ping -c 2 -i 0.1 -r 198.51.100.1 -S 198.51.100.2 192.0.2.8",
     "dst: '192.0.2.8' attempts: 2 wait_probe { nanos: 100000000 } rtr: '198.51.100.1' src: "
     "'198.51.100.2'",
     "ping -c 2 -i 100ms -r 198.51.100.1 -S 198.51.100.2 192.0.2.8",
     "ping -c 2 -i 0.1 -r 198.51.100.1 -S 198.51.100.2 192.0.2.8"},
    {"ping -c 2 -i 0.1 -S 198.51.100.6 -O spoof 192.0.2.8",
     "dst: '192.0.2.8' attempts: 2 wait_probe { nanos: 100000000 } src: '198.51.100.6' spoof: true",
     "ping -c 2 -i 100ms -S 198.51.100.6 -O spoof 192.0.2.8",
     "ping -c 2 -i 0.1 -S 198.51.100.6 -O spoof 192.0.2.8"},
};

const Boundary kBoundaries[] = {
    {"method", "", 1, 11, " -P icmp-echo ", " -P udp-sport ", "must be one of icmp-echo, tcp-ack, "
     "tcp-ack-sport, udp, udp-dport, icmp-time, tcp-syn, tcp-synack, tcp-rst, tcp-syn-sport or "
     "udp-sport, is number "},
    {"attempts", "", 1, 65535, " -c 1 ", " -c 65535 ", "within 1 - 65535, is "},
    {"tcp_seq", "method: PING_METHOD_TCP_SYN", 0, 4294967295, " -A 0 ", " -A 4294967295 ", ""},
    {"tcp_ack", "method: PING_METHOD_TCP_ACK", 0, 4294967295, " -A 0 ", " -A 4294967295 ", ""},
    {"icmp_id", "", 0, 65535, " -F 0 ", " -F 65535 ", "within 0 - 65535, is 65536"},
    {"icmp_seq", "", 0, 65535, " -d 0 ", " -d 65535 ", "within 0 - 65535, is 65536"},
    {"icmp_sum", "", 0, 65535, " -C 0 ", " -C 65535 ", "within 0 - 65535, is 65536"},
    {"sport", "method: PING_METHOD_UDP", 0, 65535, " -F 0 ", " -F 65535 ",
     "within 0 - 65535, is 65536"},
    {"dport", "method: PING_METHOD_TCP_RST", 0, 65535, " -d 0 ", " -d 65535 ",
     "within 0 - 65535, is 65536"},
    {"wait_probe", "", 1000, 20000000, " -i 1ms ", " -i 20s ", "within 1 ms - 20 s, is "},
    {"wait_timeout", "", 1000, 255000000, " -W 1ms ", " -W 255s ", "within 1 ms - 255 s, is "},
    {"tos", "", 0, 255, " -z 0 ", " -z 255 ", "within 0 - 255, is 256"},
    {"ttl", "", 1, 255, " -m 1 ", " -m 255 ", "within 1 - 255, is "},
    {"mtu", "", 0, 65535, " -M 0 ", " -M 65535 ", "within 0 - 65535 bytes, is 65536"},
    {"stop_count", "", 0, 65535, " -o 0 ", " -o 65535 ", "within 0 - 65535, is 65536"},
    {"payload", "", 1, 1000, " -B 61 ", "6161 192.0.2.1 ", "must have 1 - 1000 bytes, has "},
    {"recordroute", "", 0, 1, "ping 192.0.2.1 ", " -R ", ""},
    {"size", "", 0, 65535, " -s 0 ", " -s 65535 ", "within 0 - 65535 bytes, is 65536"},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"dltx", "", 0, 1, "ping 192.0.2.1 ", " -O dltx ", ""},
    {"payload_size", "", 0, 65535, " -b 0 ", " -b 65535 ", "within 0 - 65535 bytes, is 65536"},
    {"pattern", "", 1, 32, " -p a ", " -p aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
     "must be 1 - 32 hexadecimal digits, is '"},
    {"tsonly", "", 0, 1, "ping 192.0.2.1 ", " -T tsonly ", ""},
    {"tsandaddr", "", 0, 1, "ping 192.0.2.1 ", " -T tsandaddr ", ""},
    {"tsprespec", "", 1, 4, " -T tsprespec=10.0.0.0 ",
     " -T tsprespec=10.0.0.0,10.0.0.1,10.0.0.2,10.0.0.3 ", "must be 1 - 4 addresses, are "},
    {"stream", "", 0, 20, " -y 0 ", " -y 20 ", "within 0 - 20 probes, is 21"},
    {"dl", "", 0, 1, "ping 192.0.2.1 ", " -O dl ", ""},
    {"mss", "method: PING_METHOD_TCP_SYN", 0, 65535, " -O mss=0 ", " -O mss=65535 ",
     "within 0 - 65535 bytes, is 65536"},
    {"nosrc", "", 0, 1, "ping 192.0.2.1 ", " -O nosrc ", ""},
    {"raw", "method: PING_METHOD_TCP_SYN", 0, 1, "ping -P tcp-syn 192.0.2.1 ", " -O raw ", ""},
    {"sockrx", "", 0, 1, "ping 192.0.2.1 ", " -O sockrx ", ""},
    {"spoof", "src: '192.0.2.9'", 0, 1, "ping -S 192.0.2.9 192.0.2.1 ", " -O spoof ", ""},
    {"tbt", "dst: '2001:db8::1' mtu: 103", 0, 1, "ping -M 103 2001:db8::1 ", " -O tbt ", ""},
};
// clang-format on

TEST(PingCommandTest, RecordedCommandsAreBuiltFromParameters) {
  for (const Golden& row : kGolden) ExpectGolden("ping", row);
}

TEST(PingCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::PingParameters::descriptor();
  std::vector<std::string> covered = {"dst", "rtr", "src"};  // In the tests of addresses.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("ping", descriptor, row);
    covered.push_back(row.field);
  }
  ExpectEveryFieldCovered(descriptor, covered);
}

TEST(PingCommandTest, DestinationIsMandatory) {
  EXPECT_THAT(Violations(""), ElementsAre("ping.dst: must be an IPv4 or IPv6 address, is ''"));
}

TEST(PingCommandTest, AddressesArePrintedInTheirOneForm) {
  EXPECT_EQ(Newest("dst: '2001:DB8:0:0::0:1' rtr: 'FE80::0001' src: '2001:db8::0009'"),
            "ping -r fe80::1 -S 2001:db8::9 2001:db8::1");
}

TEST(PingCommandTest, AddressesOfTheOtherFamilyAreRefused) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' rtr: '::1' src: '::2'"),
              ElementsAre("ping.rtr: must be an IPv4 address, is '::1'",
                          "ping.src: must be an IPv4 address, is '::2'"));
  EXPECT_THAT(Violations("dst: '::1' rtr: '192.0.2.1'"),
              ElementsAre("ping.rtr: must be an IPv6 address, is '192.0.2.1'"));
}

TEST(PingCommandTest, Ipv4MappedAddressIsRefused) {
  EXPECT_THAT(Violations("dst: '::ffff:192.0.2.1'"),
              ElementsAre("ping.dst: must not be an IPv4-mapped IPv6 address, is "
                          "'::ffff:192.0.2.1'"));
}

TEST(PingCommandTest, AllViolationsAreReported) {
  EXPECT_THAT(Violations("dst: 'foo bar' ttl: 0 tos: 256 pattern: 'xyz' tcp_seq: 1"),
              ElementsAre("ping.dst: must be an IPv4 or IPv6 address, is 'foo bar'",
                          "ping.tcp_seq: needs method tcp-syn, tcp-rst or tcp-syn-sport, which is "
                          "icmp-echo",
                          "ping.tos: must be within 0 - 255, is 256",
                          "ping.ttl: must be within 1 - 255, is 0",
                          "ping.pattern: must be 1 - 32 hexadecimal digits, is 'xyz'"));
}

TEST(PingCommandTest, ParametersOfOtherMethodsAreRefused) {
  // The parameter, and the numbers of the methods that it works with.
  const std::vector<std::pair<std::string, std::vector<int>>> rules = {
      {"tcp_seq", {7, 9, 10}},
      {"tcp_ack", {2, 3, 8}},
      {"icmp_id", {1, 6}},
      {"icmp_seq", {1, 6}},
      {"icmp_sum", {1, 6}},
      {"sport", {2, 3, 4, 5, 7, 8, 9, 10, 11}},
      {"dport", {2, 3, 4, 5, 7, 8, 9, 10, 11}},
      {"mss", {7, 8, 10}},
  };
  for (const auto& [field, methods] : rules) {
    for (int method = 1; method <= 11; ++method) {
      auto measurement = Ping(absl::StrCat("dst: '192.0.2.1' ", field, ": 1"));
      measurement.mutable_ping()->set_method(static_cast<v1::PingMethod>(method));
      const bool allowed = std::count(methods.begin(), methods.end(), method) != 0;
      EXPECT_EQ(ViolationsOf(measurement).empty(), allowed) << field << " " << method;
    }
  }
}

TEST(PingCommandTest, RawNeedsIpv4AndTcp) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' raw: true method: PING_METHOD_UDP"),
              ElementsAre(HasSubstr("ping.raw: needs method tcp-ack, ")));
  EXPECT_THAT(Violations("dst: '::1' raw: true method: PING_METHOD_TCP_RST"),
              ElementsAre("ping.raw: needs an IPv4 destination"));
}

TEST(PingCommandTest, Ipv4OptionsToIpv6AreRefused) {
  for (const char* option : {"recordroute: true", "tsonly: true", "tsandaddr: true",
                             "tsprespec { addrs: '192.0.2.1' }"}) {
    EXPECT_THAT(Violations(absl::StrCat("dst: '::1' ", option)),
                ElementsAre(HasSubstr(": needs an IPv4 destination")))
        << option;
  }
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_ICMP_TIME"),
              ElementsAre("ping.method: icmp-time needs an IPv4 destination"));
}

TEST(PingCommandTest, PrespecifiedTimestampsAreOfIpv4Addresses) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' tsprespec { addrs: '192.0.2.1' addrs: '::1' }"),
              ElementsAre("ping.tsprespec.addrs[1]: must be an IPv4 address, is '::1'"));
}

TEST(PingCommandTest, ExclusiveParametersAreRefused) {
  EXPECT_THAT(Violations("dst: '192.0.2.1' payload: 'a' pattern: 'a'"),
              ElementsAre("ping.pattern: must not be together with payload"));
  EXPECT_THAT(Violations("dst: '192.0.2.1' recordroute: true tsonly: true"),
              ElementsAre("ping.recordroute: must not be together with timestamp"));
  EXPECT_THAT(Violations("dst: '192.0.2.1' sockrx: true mtu: 1280"),
              ElementsAre("ping.sockrx: must not be together with mtu"));
  EXPECT_THAT(Violations("dst: '192.0.2.1' spoof: true"), ElementsAre("ping.spoof: needs src"));
}

TEST(PingCommandTest, FlagsThatAreFalseAskForNothing) {
  EXPECT_EQ(Newest("dst: '192.0.2.1' tsonly: false recordroute: true dl: false"),
            "ping -R 192.0.2.1");
}

TEST(PingCommandTest, PortsThatWouldOverflowAreRefused) {
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_SPORT sport: 65532"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_SPORT sport: 65533"),
              ElementsAre("ping.sport: must keep sport + attempts - 1 within 65535, is 65533 + 4 - "
                          "1"));
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_TCP_SYN sport: 65535"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_DPORT dport: 65535 attempts: 1"),
              IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_DPORT dport: 65535 attempts: 2"),
              ElementsAre(HasSubstr("ping.dport: must keep dport + attempts - 1 within 65535")));
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_DPORT attempts: 32101"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' method: PING_METHOD_UDP_DPORT attempts: 32102"),
              ElementsAre(HasSubstr("ping.attempts: must keep dport + attempts - 1")));
}

// The least size of each kind of probe, as scamper 20211212 has it.
TEST(PingCommandTest, SizeMustHoldHeadersAndPayload) {
  const std::vector<std::pair<std::string, int>> rows = {
      {"dst: '192.0.2.1'", 28},
      {"dst: '192.0.2.1' icmp_sum: 1", 30},
      {"dst: '192.0.2.1' payload: 'ab'", 30},
      {"dst: '192.0.2.1' method: PING_METHOD_UDP", 28},
      {"dst: '192.0.2.1' method: PING_METHOD_ICMP_TIME", 40},
      {"dst: '192.0.2.1' method: PING_METHOD_ICMP_TIME payload: 'ab'", 42},
      {"dst: '192.0.2.1' method: PING_METHOD_TCP_SYN", 40},
      {"dst: '192.0.2.1' method: PING_METHOD_TCP_SYN mss: 1400", 44},
      {"dst: '192.0.2.1' method: PING_METHOD_TCP_SYN payload: 'ab'", 42},
      {"dst: '192.0.2.1' recordroute: true", 68},
      {"dst: '192.0.2.1' tsonly: true", 68},
      {"dst: '192.0.2.1' tsandaddr: true", 64},
      {"dst: '192.0.2.1' tsprespec { addrs: '127.0.0.1' }", 40},
      {"dst: '192.0.2.1' tsprespec { addrs: '127.0.0.1' addrs: '127.0.0.2' }", 48},
      {"dst: '::1'", 48},
      {"dst: '::1' method: PING_METHOD_TCP_SYN", 60},
  };
  for (const auto& [parameters, least] : rows) {
    EXPECT_THAT(Violations(absl::StrCat(parameters, " size: ", least)), IsEmpty()) << parameters;
    EXPECT_THAT(Violations(absl::StrCat(parameters, " size: ", least - 1)),
                ElementsAre(absl::StrCat("ping.size: must be 0, or at least ", least,
                                         " bytes for headers and payload, is ", least - 1)))
        << parameters;
  }
}

TEST(PingCommandTest, PayloadSizeMustHoldThePayload) {
  EXPECT_THAT(Violations("dst: '::1' payload: 'abc' payload_size: 3"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' payload: 'abc' payload_size: 2"),
              ElementsAre("ping.payload_size: must not be less than the payload's 3 bytes, is 2"));
}

TEST(PingCommandTest, ChecksumNeedsRoomInThePayload) {
  EXPECT_THAT(Violations("dst: '::1' icmp_sum: 1 payload_size: 2"), IsEmpty());
  EXPECT_THAT(Violations("dst: '::1' icmp_sum: 1 payload_size: 1"),
              ElementsAre("ping.icmp_sum: needs a payload of at least 2 bytes, which is 1"));
  EXPECT_THAT(Violations("dst: '::1' icmp_sum: 1 payload: 'a'"),
              ElementsAre("ping.icmp_sum: needs a payload of at least 2 bytes, which is 1"));
}

// Sizes as scamper 20211212 computes them.
TEST(PingCommandTest, TooBigTrickNeedsAnMtuBelowTheProbe) {
  EXPECT_THAT(Violations("dst: '::1' tbt: true"), ElementsAre(HasSubstr("ping.tbt: needs an mtu")));
  EXPECT_THAT(Violations("dst: '::1' tbt: true mtu: 0"), ElementsAre(HasSubstr("ping.tbt: ")));
  EXPECT_THAT(Violations("dst: '192.0.2.1' tbt: true mtu: 60"),
              ElementsAre("ping.tbt: needs an IPv6 destination"));
  const std::vector<std::pair<std::string, int>> sizes = {
      {"", 104},
      {"method: PING_METHOD_UDP", 60},
      {"payload: 'ab'", 50},
      {"size: 1280", 1280},
  };
  for (const auto& [parameters, size] : sizes) {
    const std::string base = absl::StrCat("dst: '::1' tbt: true ", parameters, " mtu: ");
    EXPECT_THAT(Violations(absl::StrCat(base, size - 1)), IsEmpty()) << parameters;
    EXPECT_THAT(Violations(absl::StrCat(base, size)),
                ElementsAre(absl::StrCat("ping.tbt: needs an mtu of 1 - ", size - 1,
                                         " bytes, less than the probe, which is ", size)))
        << parameters;
  }
}

TEST(PingCommandTest, TimesHaveTheLargestUnitThatHoldsThemWhole) {
  EXPECT_EQ(Newest("dst: '::1' wait_probe { nanos: 1001000 }"), "ping -i 1001us ::1");
  EXPECT_EQ(Newest("dst: '::1' wait_probe { seconds: 1 nanos: 500000000 }"), "ping -i 1500ms ::1");
  EXPECT_EQ(Newest("dst: '::1' wait_probe { seconds: 3 }"), "ping -i 3s ::1");
}

TEST(PingCommandTest, DurationsThatAreNoneAreRefused) {
  EXPECT_THAT(Violations("dst: '::1' wait_probe { seconds: 1 nanos: 1000000000 }"),
              ElementsAre("ping.wait_probe: must be a valid Duration, has 1 seconds and 1000000000 "
                          "nanos"));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { seconds: 1 nanos: -1000000 }"),
              ElementsAre(HasSubstr("must be a valid Duration")));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { seconds: 9223372036854775807 }"),
              ElementsAre(HasSubstr("must be a valid Duration")));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { nanos: 1000001 }"),
              ElementsAre("ping.wait_probe: must be whole microseconds, has 1000001 nanos"));
  EXPECT_THAT(Violations("dst: '::1' wait_probe { seconds: -1 }"),
              ElementsAre("ping.wait_probe: must be within 1 ms - 20 s, is -1 s"));
}

TEST(PingCommandTest, OldDaemonTakesAFractionInOneTimeOnly) {
  const auto fraction = [](const char* field) {
    return Ping(absl::StrCat("dst: '::1' ", field, " { seconds: 1 nanos: 234567000 }"));
  };
  EXPECT_EQ(CommandOf(fraction("wait_probe"), kDebian), "ping -i 1.234567 ::1");
  EXPECT_EQ(CommandOf(Ping("dst: '::1' wait_probe { nanos: 100001000 }"), kDebian),
            "ping -i 0.100001 ::1");
  EXPECT_EQ(CommandOf(fraction("wait_timeout"), kDebian),
            "FAILED_PRECONDITION: ping.wait_timeout of 1234567 us needs scamper 20230224 or newer, "
            "the instance has 20211212");
  EXPECT_EQ(CommandOf(fraction("wait_timeout"), 20230224), "ping -W 1.234567 ::1");
  EXPECT_EQ(CommandOf(Ping("dst: '::1' wait_timeout { seconds: 2 }"), kDebian), "ping -W 2 ::1");
}

// scamper 20211212 takes 0.05 for half a second.
TEST(PingCommandTest, FractionThatBeginsWithAZeroNeedsUnits) {
  for (const char* time : {"nanos: 1000000", "nanos: 99999000", "seconds: 1 nanos: 50000000"}) {
    for (const char* field : {"wait_probe", "wait_timeout"}) {
      const auto measurement = Ping(absl::StrCat("dst: '::1' ", field, " { ", time, " }"));
      EXPECT_THAT(CommandOf(measurement, kDebian), HasSubstr(" needs scamper 20240117 "));
      EXPECT_THAT(CommandOf(measurement, 20240116), HasSubstr(" needs scamper 20240117 "));
      EXPECT_TRUE(Command(measurement, 20240117).ok());
    }
  }
}

TEST(PingCommandTest, WhatADaemonDoesNotKnowIsRefusedWithTheVersion) {
  const std::vector<std::pair<std::string, int>> rows = {
      {"method: PING_METHOD_TCP_SYN_SPORT", 20230224},
      {"method: PING_METHOD_UDP_SPORT", 20240916},
      {"dltx: true", 20250505},
      {"payload_size: 0", 20240117},
      {"stream: 0", 20250603},
      {"sockrx: true", 20240716},
      {"method: PING_METHOD_TCP_SYN mss: 0", 20250401},
      {"method: PING_METHOD_TCP_SYN raw: true", 20240229},
      {"pattern: '0123456789abcdef0123456789abcdef'", 20230224},
  };
  ExpectNeeds(rows, Ping);
}

TEST(PingCommandTest, VersionErrorNamesTheParameter) {
  EXPECT_EQ(CommandOf(Ping("dst: '192.0.2.1' method: PING_METHOD_UDP_SPORT"), kDebian),
            "FAILED_PRECONDITION: ping.method udp-sport needs scamper 20240916 or newer, the "
            "instance has 20211212");
  EXPECT_EQ(CommandOf(Ping("dst: '192.0.2.1' dltx: true"), kDebian),
            "FAILED_PRECONDITION: ping.dltx needs scamper 20250505 or newer, the instance has "
            "20211212");
}

TEST(PingCommandTest, LongTextIsCutInViolations) {
  EXPECT_THAT(Violations(absl::StrCat("dst: '", std::string(1000, 'x'), "'")),
              ElementsAre(absl::StrCat("ping.dst: must be an IPv4 or IPv6 address, is '",
                                       std::string(40, 'x'), "...'")));
}

}  // namespace
}  // namespace scamper::records
