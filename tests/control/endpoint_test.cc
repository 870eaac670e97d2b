// SPDX-License-Identifier: Apache-2.0
#include "server/control/endpoint.h"

#include <gtest/gtest.h>

namespace scamper::control {
namespace {

TEST(EndpointTest, UnixPathIsTakenAsItIs) {
  const auto endpoint = ParseEndpoint("unix:/run/vp:1.sock");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_TRUE(endpoint->is_unix());
  EXPECT_EQ(endpoint->path, "/run/vp:1.sock");
  EXPECT_EQ(FormatEndpoint(*endpoint), "unix:/run/vp:1.sock");
}

TEST(EndpointTest, HostAndPortAreSplitAtTheLastColon) {
  struct Case {
    const char* text;
    const char* host;
    int port;
  };
  for (const Case& c : {Case{"inet:127.0.0.1:31337", "127.0.0.1", 31337},
                        Case{"inet:[2001:db8::1]:1", "2001:db8::1", 1},
                        Case{"inet:vp1.example.test:65535", "vp1.example.test", 65535}}) {
    const auto endpoint = ParseEndpoint(c.text);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
    EXPECT_FALSE(endpoint->is_unix());
    EXPECT_EQ(endpoint->host, c.host);
    EXPECT_EQ(endpoint->port, c.port);
    EXPECT_EQ(FormatEndpoint(*endpoint), c.text);
  }
}

TEST(EndpointTest, MalformedIsRefusedWithTheText) {
  const std::string long_path = "unix:/" + std::string(120, 'a');
  for (const char* text :
       {"", "unix:", "/run/vp.sock", "127.0.0.1:1", "inet:", "inet:host",
        "inet:host:", "inet:host:0", "inet:host:65536", "inet:host:x", "inet::1",
        "inet:2001:db8::1:1", "inet:[::1:1", "inet:[]:1", "inet:a b:1", long_path.c_str()}) {
    const auto endpoint = ParseEndpoint(text);
    ASSERT_EQ(endpoint.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(std::string(endpoint.status().message()).find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace scamper::control
