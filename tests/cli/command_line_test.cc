// SPDX-License-Identifier: Apache-2.0
#include "client/cli/command_line.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CommandLineTest : public testing::Test {
 protected:
  std::variant<CommandLine, ExitCode> Parse(const std::vector<std::string>& arguments) {
    return ParseCommandLine(arguments, "default:1", Console{in_, out_, err_});
  }

  RunOptions ParseRun(const std::vector<std::string>& arguments) {
    const auto parsed = Parse(arguments);
    if (!std::holds_alternative<CommandLine>(parsed)) {
      ADD_FAILURE() << err_.str();
      return {};
    }
    return std::get<RunOptions>(std::get<CommandLine>(parsed));
  }

  // Expects a usage error; returns what was said.
  std::string Complaint(const std::vector<std::string>& arguments) {
    const auto parsed = Parse(arguments);
    EXPECT_TRUE(std::holds_alternative<ExitCode>(parsed) &&
                std::get<ExitCode>(parsed) == kUsageError);
    EXPECT_EQ(out_.str(), "");
    return err_.str();
  }

  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandLineTest, FlagsReachTheParametersOfTheMeasurement) {
  const RunOptions run = ParseRun({"ping", "--attempts", "2", "--wait-probe", "0.1", "--method",
                                   "tcp-ack", "192.0.2.1", "--dl", "2001:db8::1"});
  EXPECT_EQ(run.measurement.kind_case(), v1::Measurement::kPing);
  EXPECT_EQ(run.measurement.ping().attempts(), 2u);
  EXPECT_EQ(run.measurement.ping().wait_probe().nanos(), 100'000'000);
  EXPECT_EQ(run.measurement.ping().method(), v1::PING_METHOD_TCP_ACK);
  EXPECT_TRUE(run.measurement.ping().dl());
  EXPECT_THAT(run.destinations, ElementsAre("192.0.2.1", "2001:db8::1"));
  EXPECT_EQ(WithDestination(run.measurement, "192.0.2.9").ping().dst(), "192.0.2.9");
}

TEST_F(CommandLineTest, WithoutParametersTheMeasurementStillHasItsKind) {
  const RunOptions run = ParseRun({"trace", "192.0.2.1"});
  EXPECT_EQ(run.measurement.kind_case(), v1::Measurement::kTrace);
  EXPECT_EQ(run.measurement.trace().ByteSizeLong(), 0u);
}

TEST_F(CommandLineTest, AListFlagDoesNotSwallowDestinations) {
  const RunOptions run = ParseRun(
      {"trace", "--gss", "192.0.2.7,192.0.2.8", "192.0.2.1", "--gss", "192.0.2.9", "192.0.2.2"});
  EXPECT_THAT(run.measurement.trace().gss(), ElementsAre("192.0.2.7", "192.0.2.8", "192.0.2.9"));
  EXPECT_THAT(run.destinations, ElementsAre("192.0.2.1", "192.0.2.2"));
}

TEST_F(CommandLineTest, InstancesAreNamedWithCommasOrRepeatedAndCountOnce) {
  const RunOptions run = ParseRun(
      {"ping", "--inst", "a,[::1]:31337", "--inst", "/run/b.sock", "--inst", "a", "192.0.2.1"});
  EXPECT_THAT(run.instances, ElementsAre("a", "[::1]:31337", "/run/b.sock"));
  EXPECT_FALSE(run.all);
}

TEST_F(CommandLineTest, ADashReadsDestinationsFromStandardInput) {
  in_.str("192.0.2.2 192.0.2.3\n\n# a comment\n192.0.2.4 # another\n");
  EXPECT_THAT(ParseRun({"ping", "192.0.2.1", "-"}).destinations,
              ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"));
}

TEST_F(CommandLineTest, OptionsForAllCommandsStandBeforeOrAfterTheCommand) {
  const RunOptions before =
      ParseRun({"--server", "h:1", "--json", "--timeout", "2", "ping", "::1"});
  EXPECT_EQ(before.common.server, "h:1");
  EXPECT_TRUE(before.common.json);
  EXPECT_EQ(before.common.timeout, absl::Seconds(2));
  const RunOptions after = ParseRun({"ping", "--server", "unix:/s", "--timeout", "500ms", "::1"});
  EXPECT_EQ(after.common.server, "unix:/s");
  EXPECT_FALSE(after.common.json);
  EXPECT_EQ(after.common.timeout, absl::Milliseconds(500));
}

TEST_F(CommandLineTest, TheDefaultServerIsUsedWhereNoneIsGiven) {
  EXPECT_EQ(ParseRun({"ping", "::1"}).common.server, "default:1");
  const auto parsed = Parse({"instances"});
  EXPECT_EQ(std::get<InstancesOptions>(std::get<CommandLine>(parsed)).common.server, "default:1");
}

TEST_F(CommandLineTest, AddressesOfAPairComeInTwos) {
  const RunOptions run = ParseRun({"ally", "--method", "icmp-echo", "a", "b", "c", "d"});
  EXPECT_THAT(run.destinations, ElementsAre("a b", "c d"));
  const v1::Measurement second = WithDestination(run.measurement, run.destinations[1]);
  EXPECT_EQ(second.ally().dst1(), "c");
  EXPECT_EQ(second.ally().dst2(), "d");
  EXPECT_EQ(second.ally().method(), v1::DEALIAS_PROBE_METHOD_ICMP_ECHO);
  EXPECT_EQ(WithDestination(run.measurement, "c d e").ally().dst2(), "d e");
  EXPECT_THAT(Complaint({"ally", "a", "b", "c"}), HasSubstr("takes 2 addresses, there are 3"));
}

TEST_F(CommandLineTest, AllAddressesOfAListAreOneMeasurement) {
  const RunOptions run = ParseRun({"radargun", "a", "b", "c"});
  EXPECT_THAT(run.destinations, ElementsAre("a b c"));
  EXPECT_THAT(WithDestination(run.measurement, "a b c").radargun().addrs(),
              ElementsAre("a", "b", "c"));
}

TEST_F(CommandLineTest, DefinitionsOfProbesCanHaveTheAddresses) {
  const RunOptions run = ParseRun({"bump", "--probedefs", "method=icmp-echo,dst=192.0.2.1",
                                   "--probedefs", "dst=192.0.2.2,ttl=9"});
  EXPECT_THAT(run.destinations, ElementsAre(""));
  const v1::BumpParameters bump = WithDestination(run.measurement, "").bump();
  ASSERT_EQ(bump.probedefs_size(), 2);
  EXPECT_EQ(bump.probedefs(0).method(), v1::DEALIAS_PROBE_METHOD_ICMP_ECHO);
  EXPECT_EQ(bump.probedefs(0).dst(), "192.0.2.1");
  EXPECT_EQ(bump.probedefs(1).ttl(), 9u);
  EXPECT_THAT(ParseRun({"ally", "--probedefs", "dst=::1", "--probedefs", "dst=::2"}).destinations,
              ElementsAre(""));
}

TEST_F(CommandLineTest, ACaptureTakesFlagsOnly) {
  const RunOptions run = ParseRun({"sniff", "--src", "192.0.2.1", "--icmp-id", "7"});
  EXPECT_THAT(run.destinations, ElementsAre(""));
  EXPECT_EQ(run.measurement.sniff().src(), "192.0.2.1");
  Complaint({"sniff", "--src", "192.0.2.1", "192.0.2.2"});
}

TEST_F(CommandLineTest, NamesAreLookedUpOneByOne) {
  const RunOptions run = ParseRun({"dns", "--server", "h:1", "--dns-server", "192.0.2.53",
                                   "--qtype", "aaaa", "--rd", "false", "a.test", "b.test"});
  EXPECT_EQ(run.common.server, "h:1");
  EXPECT_EQ(run.measurement.dns().server(), "192.0.2.53");
  EXPECT_THAT(run.destinations, ElementsAre("a.test", "b.test"));
  EXPECT_EQ(WithDestination(run.measurement, "b.test").dns().qname(), "b.test");
  EXPECT_TRUE(run.measurement.dns().has_rd());
  EXPECT_FALSE(run.measurement.dns().rd());
}

TEST_F(CommandLineTest, EveryMeasurementIsACommandWithHelp) {
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    out_.str("");
    EXPECT_EQ(std::get<ExitCode>(Parse({kinds->field(i)->name(), "--help"})), kSuccess);
    EXPECT_THAT(out_.str(), HasSubstr("Run " + kinds->field(i)->name()));
  }
}

TEST_F(CommandLineTest, HelpOfACommandListsItsParameters) {
  const auto parsed = Parse({"trace", "--help"});
  EXPECT_EQ(std::get<ExitCode>(parsed), kSuccess);
  EXPECT_THAT(out_.str(), HasSubstr("  --gaplimit N\n"));
  EXPECT_THAT(out_.str(), HasSubstr("Silent hops in a row after which to stop, 1-255. Default 5."));
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CommandLineTest, AWrongValueNamesItsFlag) {
  EXPECT_THAT(Complaint({"ping", "--ttl", "x", "::1"}), HasSubstr("--ttl: must be a whole number"));
}

TEST_F(CommandLineTest, ANegativeValueIsAValue) {
  EXPECT_THAT(Complaint({"ping", "--ttl", "-1", "::1"}), HasSubstr("is '-1'"));
}

TEST_F(CommandLineTest, AnUnknownFlagIsNamed) {
  EXPECT_THAT(Complaint({"ping", "--nope", "::1"}), HasSubstr("--nope"));
}

TEST_F(CommandLineTest, AFlagOfAnotherMeasurementIsUnknown) {
  EXPECT_THAT(Complaint({"trace", "--recordroute", "192.0.2.1"}), HasSubstr("--recordroute"));
}

TEST_F(CommandLineTest, AFlagGivenTwiceIsRefused) {
  EXPECT_THAT(Complaint({"ping", "--ttl", "1", "--ttl", "2", "::1"}), HasSubstr("--ttl"));
}

TEST_F(CommandLineTest, AllExcludesNames) {
  EXPECT_THAT(Complaint({"ping", "--all", "--inst", "a", "::1"}), HasSubstr("--all"));
}

TEST_F(CommandLineTest, ADestinationIsNeeded) {
  EXPECT_THAT(Complaint({"ping"}), HasSubstr("DST"));
}

TEST_F(CommandLineTest, StandardInputMustHaveADestination) {
  in_.str("# none\n");
  EXPECT_THAT(Complaint({"ping", "-"}), HasSubstr("no destination"));
}

TEST_F(CommandLineTest, ACommandIsNeededAndTheCommandsAreNamed) {
  EXPECT_THAT(Complaint({"pong"}), HasSubstr("instances, attach, detach, trace, ping"));
}

}  // namespace
}  // namespace scamper::cli
