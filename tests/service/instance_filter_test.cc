// SPDX-License-Identifier: Apache-2.0
#include "server/service/instance_filter.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scamper/v1/control.pb.h"

namespace scamper::service {
namespace {

using ::testing::StartsWith;

v1::Instance Hamilton() {
  v1::Instance instance;
  instance.set_name("hlz");
  instance.set_endpoint("mux:/run/mux#1");
  instance.set_source("ark");
  instance.set_state(v1::INSTANCE_STATE_READY);
  instance.set_version("20230614a");
  instance.set_pps(100);
  instance.add_capabilities("ping");
  v1::VantagePoint* vp = instance.mutable_vantage_point();
  vp->set_monitor_name("hlz-nz");
  vp->set_shortname("hl");
  vp->set_ipv4("192.0.2.1");
  vp->set_ipv6("2001:db8::1");
  vp->set_asn4(64496);
  vp->set_asn6(64500);
  vp->set_country("NZ");
  vp->set_region("WKO");
  vp->set_place("Hamilton East");
  vp->mutable_location()->set_latitude(-37.78);
  vp->mutable_location()->set_longitude(175.28);
  vp->set_iata("HLZ");
  vp->add_tags("fast");
  return instance;
}

bool Holds(const std::string& text, const v1::Instance& instance) {
  const absl::StatusOr<filter::Filter> filter = ParseInstanceFilter(text);
  EXPECT_TRUE(filter.ok()) << filter.status();
  return filter.ok() && Matches(*filter, instance);
}

TEST(InstanceFilterTest, EveryFieldIsThatOfTheInstance) {
  const v1::Instance nothing;
  for (const char* text :
       {"name = hlz",          "endpoint = mux:*",      "source = ark",        "state = READY",
        "version >= 20230614", "monitor_name = hlz-nz", "shortname = hl",      "country = NZ",
        "region = WKO",        "place : hamilton",      "iata = hlz",          "ipv4 = 192.0.2.*",
        "ipv6 = 2001:db8::1",  "tags : fast",           "capabilities : ping", "asn = AS64496",
        "asn = 64500",         "latitude < -37.5",      "longitude > 175",     "pps >= 100"}) {
    EXPECT_TRUE(Holds(text, Hamilton())) << text;
    EXPECT_FALSE(Holds(text, nothing)) << text;
  }
  v1::Instance lost;
  lost.set_error("refused");
  lost.set_state(v1::INSTANCE_STATE_LOST);
  EXPECT_TRUE(Holds("error : refused AND state = lost", lost));
}

TEST(InstanceFilterTest, MonitorNameOfTheDaemonGoesFirst) {
  v1::Instance instance = Hamilton();
  instance.set_monitor_name("told");
  EXPECT_TRUE(Holds("monitor_name = told", instance));
}

TEST(InstanceFilterTest, ErrorsNameTheParameter) {
  EXPECT_THAT(std::string(ParseInstanceFilter("county = NZ").status().message()),
              StartsWith("instance_filter: at 1: no field is named 'county'; there are name, "));
}

}  // namespace
}  // namespace scamper::service
