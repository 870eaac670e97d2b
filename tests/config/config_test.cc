// SPDX-License-Identifier: Apache-2.0
#include "server/config/config.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::config {
namespace {

ParsedConfig Parse(std::vector<std::string> args) {
  args.insert(args.begin(), "scamper-grpc-server");
  std::vector<char*> argv;
  for (std::string& a : args) argv.push_back(a.data());
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

TEST(ParseInstance, NameIsThePathUnlessOneIsGiven) {
  EXPECT_EQ(ParseInstance("unix:", "/run/vp")->name, "/run/vp");
  EXPECT_EQ(ParseInstance("unix:", "vp1=/run/vp")->name, "vp1");
  EXPECT_EQ(ParseInstance("unix:", "vp1=/run/vp")->endpoint.path, "/run/vp");
  EXPECT_EQ(ParseInstance("remote:", "/run/vp")->name, "/run/vp");
}

TEST(ParseInstance, NameOfASourceIsItsEndpointUnlessOneIsGiven) {
  EXPECT_EQ(ParseInstance("mux:", "/run/mux")->name, "mux:/run/mux");
  EXPECT_EQ(ParseInstance("remote_dir:", "ark=/run/vps")->name, "ark");
}

TEST(ParseInstance, AnEqualsSignBehindASlashBelongsToThePath) {
  EXPECT_EQ(ParseInstance("unix:", "/run/a=b")->endpoint.path, "/run/a=b");
}

TEST(ParseInstance, RefusesWhatIsNoSocketPath) {
  for (const char* scheme : {"unix:", "remote:", "mux:"}) {
    EXPECT_FALSE(ParseInstance(scheme, "").ok());
    EXPECT_FALSE(ParseInstance(scheme, "vp1=").ok());
    EXPECT_TRUE(ParseInstance(scheme, std::string(107, 'a')).ok());
    EXPECT_FALSE(ParseInstance(scheme, std::string(108, 'a')).ok());
  }
}

TEST(ParseInstance, TakesHostsAndBracketedAddresses) {
  EXPECT_EQ(ParseInstance("inet:", "127.0.0.1:31337")->name, "127.0.0.1:31337");
  EXPECT_EQ(ParseInstance("inet:", "vp=[::1]:1")->endpoint.host, "::1");
  EXPECT_EQ(ParseInstance("inet:", "[::1]:1")->name, "[::1]:1");
  EXPECT_EQ(ParseInstance("mux:", "ark=host:5")->endpoint.host, "host");
}

TEST(ParseInstance, RefusesWhatHasNoHostOrNoPort) {
  for (const char* text :
       {"", "host", "host:", ":1", "host:0", "host:65536", "::1:5", "[::1:5", "host:x"}) {
    EXPECT_FALSE(ParseInstance("inet:", text).ok()) << text;
  }
}

TEST(IsLocal, OnlyLoopbackAndUnixAre) {
  for (const char* text : {"localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "unix:/a"}) {
    EXPECT_TRUE(IsLocal(text)) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "host:1", ":1", ""}) {
    EXPECT_FALSE(IsLocal(text)) << text;
  }
}

TEST(ParseCommandLine, ListensOnLoopbackByDefault) {
  EXPECT_THAT(Parse({}).config.listen, testing::ElementsAre("localhost:50151"));
}

TEST(ParseCommandLine, RefusesPlainTextBeyondThisHostUnlessAsked) {
  EXPECT_EQ(Parse({"--listen", "0.0.0.0:50151"}).exit_code, 2);
  EXPECT_EQ(Parse({"--listen", "0.0.0.0:50151", "--insecure"}).exit_code, -1);
}

TEST(ParseCommandLine, RepeatsInstances) {
  ParsedConfig parsed = Parse({"--unix", "a=/x", "--unix", "/y", "--inet", "127.0.0.1:5"});
  ASSERT_EQ(parsed.exit_code, -1);
  ASSERT_EQ(parsed.config.instances.size(), 3u);
  EXPECT_EQ(parsed.config.instances[1].name, "/y");
  EXPECT_EQ(parsed.config.instances[2].name, "127.0.0.1:5");
}

TEST(ParseCommandLine, TakesSourcesAndTheVersionsOfWhatCannotBeAsked) {
  const ParsedConfig parsed =
      Parse({"--mux", "ark=/mux", "--remote_dir", "/vps", "--remote", "r=/one", "--version_of",
             "ark=20230614", "--version_of", "r=20211212b"});
  ASSERT_EQ(parsed.exit_code, -1);
  ASSERT_EQ(parsed.config.instances.size(), 3u);
  EXPECT_EQ(parsed.config.instances[0].endpoint.kind, control::Endpoint::Kind::kRemote);
  EXPECT_EQ(parsed.config.instances[1].name, "remote_dir:/vps");
  EXPECT_EQ(parsed.config.instances[2].endpoint.kind, control::Endpoint::Kind::kMux);
  EXPECT_THAT(parsed.config.versions, testing::ElementsAre(testing::Pair("ark", "20230614"),
                                                           testing::Pair("r", "20211212b")));
  for (const char* bad : {"ark", "=20230614", "ark=", "ark=new", "ark=2023"}) {
    EXPECT_EQ(Parse({"--version_of", bad}).exit_code, 2) << bad;
  }
}

TEST(ParseCommandLine, RefusesTwoInstancesOfOneName) {
  EXPECT_EQ(Parse({"--unix", "a=/x", "--inet", "a=127.0.0.1:5"}).exit_code, 2);
  EXPECT_EQ(Parse({"--unix", "a=/x", "--mux", "a=/y"}).exit_code, 2);
}

TEST(ParseCommandLine, RefusesUnknownFlagsAndValuesOutOfRange) {
  EXPECT_EQ(Parse({"--nonsense"}).exit_code, 2);
  EXPECT_EQ(Parse({"--window", "0"}).exit_code, 2);
  EXPECT_EQ(Parse({"--help"}).exit_code, 0);
}

TEST(ParseCommandLine, KeepsFilesWhereToldAndWithinTheirQuota) {
  EXPECT_EQ(Parse({}).config.data_dir, "");
  const ParsedConfig parsed = Parse(
      {"--data_dir", "/srv/files", "--data_dir_max_bytes", "5000000000", "--file_calls", "3"});
  EXPECT_EQ(parsed.exit_code, -1);
  EXPECT_EQ(parsed.config.data_dir, "/srv/files");
  EXPECT_EQ(parsed.config.data_dir_max_bytes, 5000000000u);
  EXPECT_EQ(parsed.config.file_calls, 3);
  EXPECT_EQ(Parse({"--data_dir_max_bytes", "5"}).exit_code, 2);
  EXPECT_EQ(Parse({"--data_dir", "/d", "--data_dir_max_bytes", "-1"}).exit_code, 2);
  EXPECT_EQ(Parse({"--file_calls", "0"}).exit_code, 2);
}

TEST(ParseCommandLine, TakesThePolicyAndTheLimits) {
  const ParsedConfig none = Parse({});
  EXPECT_TRUE(none.config.allow_measurements.empty());
  EXPECT_EQ(none.config.client_max_tasks, 0);
  const ParsedConfig parsed =
      Parse({"--do_not_probe", "/a", "--do_not_probe", "/b,c", "--allow_measurements", "ping,dns",
             "--allow_spoofing", "--client_max_tasks", "7", "--client_tasks_per_second", "0.5",
             "--client_probes_per_second", "100"});
  EXPECT_EQ(parsed.exit_code, -1);
  EXPECT_THAT(parsed.config.do_not_probe, testing::ElementsAre("/a", "/b,c"));
  EXPECT_THAT(parsed.config.allow_measurements, testing::ElementsAre("ping", "dns"));
  EXPECT_TRUE(parsed.config.allow_spoofing);
  EXPECT_EQ(parsed.config.client_max_tasks, 7);
  EXPECT_EQ(parsed.config.client_tasks_per_second, 0.5);
  EXPECT_EQ(parsed.config.client_probes_per_second, 100);
  for (const char* rate : {"-1", "nan", "inf", "x"}) {
    EXPECT_EQ(Parse({"--client_tasks_per_second", rate}).exit_code, 2) << rate;
    EXPECT_EQ(Parse({"--client_probes_per_second", rate}).exit_code, 2) << rate;
  }
  EXPECT_EQ(Parse({"--client_max_tasks", "-1"}).exit_code, 2);
}

}  // namespace
}  // namespace scamper::config
