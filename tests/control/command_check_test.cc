// SPDX-License-Identifier: Apache-2.0
#include "server/control/command_check.h"

#include <gtest/gtest.h>

#include <string>

namespace scamper::control {
namespace {

using namespace std::string_literals;

TEST(CommandCheckTest, MeasurementsPass) {
  for (const char* command : {
           "ping 192.0.2.1",
           "trace -P icmp-paris -O ptr 192.0.2.3",
           "sniff -S 198.51.100.2 -c 3 -G 2 icmp[icmpid] == 4242",
           "dealias -m ally -x 192.0.2.1 192.0.2.2",
           "dealias -m radargun -p '-P icmp-echo -i 192.0.2.1'",
           "dealias -m prefixscan -W 30 -p '-P udp -d 33435' 203.0.113.9 203.0.113.10/29",
           "haltx 1",
           "http -u \"http://a/~\" 192.0.2.1",
       }) {
    EXPECT_TRUE(CheckCommand(command).ok()) << command << ": " << CheckCommand(command);
  }
}

TEST(CommandCheckTest, WhatWouldBreakTheConnectionOrCrashTheDaemonIsRefused) {
  for (const std::string& command : {
           ""s,
           " "s,
           " ping 192.0.2.1"s,
           "ping 192.0.2.1 "s,
           "ping 192.0.2.1\ndone"s,
           "ping\t192.0.2.1"s,
           "ping 192.0.2.1\r"s,
           "ping \0 192.0.2.1"s,
           "ping \x7f"s,
           "ping caf\xc3\xa9.example"s,
           "halt"s,
           "halt 1"s,
           "HALT 1"s,
           "done"s,
           "Done x"s,
           "sting -c 10 192.0.2.1"s,
           "STING 192.0.2.1"s,
           "dealias -m prefixscan 192.0.2.1 192.0.2.2/30"s,
           "dealias -m PrefixScan -p '-P udp' -x 192.0.2.3 192.0.2.1 192.0.2.2/30"s,
           "dealias -x 192.0.2.3 -m 'prefixscan' -p '-P udp' 192.0.2.1 192.0.2.2/30"s,
           "dealias -W 1 -m prefixscan 192.0.2.1 '-P udp -p'"s,
       }) {
    EXPECT_EQ(CheckCommand(command).code(), absl::StatusCode::kInvalidArgument) << command;
  }
}

}  // namespace
}  // namespace scamper::control
