// SPDX-License-Identifier: Apache-2.0
#include "server/records/owamp/owamp_command.h"

#include <set>
#include <string>
#include <vector>

#include "tests/records/command_testing.h"

namespace scamper::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Measurement Owamp(absl::string_view text) { return MeasurementOf("owamp", text); }

std::vector<std::string> Violations(absl::string_view text) { return ViolationsOf(Owamp(text)); }

std::string Newest(absl::string_view text) { return CommandOf(Owamp(text), kNewest); }

// clang-format off
const Boundary kBoundaries[] = {
    {"direction", "", 1, 2, " -d tx ", " -d rx ", "must be one of tx or rx, is number "},
    {"attempts", "", 1, 65535, " -c 1 ", " -c 65535 ", "within 1 - 65535, is "},
    {"dscp", "", 0, 63, " -D 0 ", " -D 63 ", "within 0 - 63, is 64"},
    {"size", "", 42, 65535, " -s 42 ", " -s 65535 ", "must be 0 or within 42 - 65535 bytes, is "},
    {"size", "dst: '2001:db8::1'", 62, 65535, " -s 62 ", " -s 65535 ",
     "must be 0 or within 62 - 65535 bytes, is "},
    {"startat", "", 0, 253402300799999999, " -@ 0.000000 ", " -@ 253402300799.999999 ",
     "must be a time since 1970-01-01, has "},
    {"ttl", "", 1, 255, " -m 1 ", " -m 255 ", "within 1 - 255, is "},
    {"wait_timeout", "", 1000000, 20000000, " -w 1s ", " -w 20s ", "within 1 s - 20 s, is "},
    {"userid", "", 0, 4294967295, " -U 0 ", " -U 4294967295 ", ""},
    {"zero", "", 0, 1, "owamp 192.0.2.1 ", " -O zero ", ""},
};
// clang-format on

TEST(OwampCommandTest, EveryFieldIsSentWithinItsRangeAndRefusedOutside) {
  const auto& descriptor = *v1::OwampParameters::descriptor();
  std::set<std::string> covered = {"dst", "schedule"};  // In tests of their own.
  for (const Boundary& row : kBoundaries) {
    ExpectBoundary("owamp", descriptor, row);
    covered.insert(row.field);
  }
  ExpectEveryFieldCovered(descriptor, {covered.begin(), covered.end()});
}

TEST(OwampCommandTest, ASizeOfZeroIsTheSmallest) {
  EXPECT_EQ(Newest("dst: '::1' size: 0"), "owamp -s 0 ::1");
}

TEST(OwampCommandTest, AScheduleIsAListOfIntervals) {
  EXPECT_EQ(Newest("dst: '::1' schedule { interval { nanos: 100000000 } }"), "owamp -i 0.1f ::1");
  EXPECT_EQ(Newest("dst: '::1' "
                   "schedule { interval { seconds: 2 } type: OWAMP_SCHEDULE_TYPE_EXP } "
                   "schedule { interval { nanos: 1000 } type: OWAMP_SCHEDULE_TYPE_FIXED }"),
            "owamp -i 2e,0.000001f ::1");
}

TEST(OwampCommandTest, AnIntervalThatIsNoneIsRefused) {
  EXPECT_THAT(Violations("dst: '::1' schedule {} schedule { interval { seconds: -1 } }"),
              ElementsAre("owamp.schedule[0].interval: must be above 0 s, is 0 s",
                          "owamp.schedule[1].interval: must be above 0 s, is -1 s"));
  EXPECT_THAT(Violations("dst: '::1' schedule { interval { nanos: 1 } }"),
              ElementsAre("owamp.schedule[0].interval: must be whole microseconds, has 1 nanos"));
  EXPECT_THAT(Violations("dst: '::1' schedule { interval { seconds: 1 } type: 3 }"),
              ElementsAre("owamp.schedule[0].type: must be one of fixed or exp, is number 3"));
}

TEST(OwampCommandTest, AtMost255Intervals) {
  v1::Measurement measurement = Owamp("dst: '::1'");
  for (int i = 0; i < 255; ++i) {
    measurement.mutable_owamp()->add_schedule()->mutable_interval()->set_seconds(1);
  }
  EXPECT_THAT(ViolationsOf(measurement), IsEmpty());
  measurement.mutable_owamp()->add_schedule()->mutable_interval()->set_seconds(1);
  EXPECT_THAT(ViolationsOf(measurement),
              ElementsAre("owamp.schedule: must be at most 255 intervals, are 256"));
}

TEST(OwampCommandTest, TheStartIsSecondsWithSixDecimals) {
  EXPECT_EQ(Newest("dst: '::1' startat { seconds: 1764034429 nanos: 5000 }"),
            "owamp -@ 1764034429.000005 ::1");
  EXPECT_THAT(Violations("dst: '::1' startat { seconds: 1 nanos: 5 }"),
              ElementsAre("owamp.startat: must be whole microseconds, has 1 seconds and 5 nanos"));
}

TEST(OwampCommandTest, DestinationIsMandatory) {
  EXPECT_THAT(Violations(""), ElementsAre(HasSubstr("owamp.dst: must be an IPv4 or IPv6")));
}

}  // namespace
}  // namespace scamper::records
