// SPDX-License-Identifier: Apache-2.0
#include "server/control/remote_name.h"

#include <string>

#include "gtest/gtest.h"

namespace scamper::control {
namespace {

TEST(RemoteNameTest, MonitorNameAndAddressAreTold) {
  struct Case {
    const char* file;
    const char* monitor_name;
    const char* ipv4;
    const char* ipv6;
  };
  for (const Case& c : {Case{"vp1-192.0.2.1:40000", "vp1", "192.0.2.1", ""},
                        {"a-b.c-192.0.2.1:1", "a-b.c", "192.0.2.1", ""},
                        {"vp-6-::1.41252", "vp-6", "", "::1"},
                        {"vp-2001:db8::2.65535", "vp", "", "2001:db8::2"},
                        {"192.0.2.1:40000", "", "192.0.2.1", ""},
                        {"2001:db8::2.40000", "", "", "2001:db8::2"}}) {
    const v1::VantagePoint vp = ReadRemoteName(c.file);
    EXPECT_EQ(vp.monitor_name(), c.monitor_name) << c.file;
    EXPECT_EQ(vp.ipv4(), c.ipv4) << c.file;
    EXPECT_EQ(vp.ipv6(), c.ipv6) << c.file;
  }
}

TEST(RemoteNameTest, OfOtherNamesNothingIsKnown) {
  for (const char* file : {"", "-", "vp1", "vp1.sock", "vp1-192.0.2.1", "vp1-192.0.2.1:0",
                           "vp1-192.0.2.1:65536", "vp1-host:1", "vp1-192.0.2.1.1", "vp-::1:1"}) {
    EXPECT_EQ(ReadRemoteName(file).ByteSizeLong(), 0u) << file;
  }
}

}  // namespace
}  // namespace scamper::control
