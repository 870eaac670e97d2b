// SPDX-License-Identifier: Apache-2.0
#include "server/service/owner.h"

#include "gtest/gtest.h"

namespace scamper::service {
namespace {

TEST(OwnerTest, CallsFromOneAddressAreOfOneOwnerWhateverTheirPort) {
  EXPECT_EQ(WithoutPort("ipv4:192.0.2.1:50000"), "ipv4:192.0.2.1");
  EXPECT_EQ(WithoutPort("ipv6:%5B2001:db8::1%5D:50000"), "ipv6:%5B2001:db8::1%5D");
  EXPECT_EQ(WithoutPort("ipv6:[2001:db8::1]:50000"), "ipv6:[2001:db8::1]");
  EXPECT_EQ(WithoutPort("unix:"), "unix");
  EXPECT_EQ(WithoutPort("unix:/run/a:1"), "unix");
}

}  // namespace
}  // namespace scamper::service
