// SPDX-License-Identifier: Apache-2.0
#include "server/control/endpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace scamper::control {
namespace {

TEST(EndpointTest, UnixPathIsTakenAsItIs) {
  const auto endpoint = ParseEndpoint("unix:/run/vp:1.sock");
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_EQ(endpoint->kind, Endpoint::Kind::kUnix);
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
    EXPECT_EQ(endpoint->kind, Endpoint::Kind::kInet);
    EXPECT_EQ(endpoint->path, "");
    EXPECT_EQ(endpoint->host, c.host);
    EXPECT_EQ(endpoint->port, c.port);
    EXPECT_EQ(FormatEndpoint(*endpoint), c.text);
  }
}

TEST(EndpointTest, SocketsOfScRemoted) {
  for (const auto& [text, kind] :
       {std::pair("remote:/run/vps/vp1-192.0.2.1:40000", Endpoint::Kind::kRemote),
        std::pair("remote_dir:/run/vps", Endpoint::Kind::kRemoteDir),
        std::pair("mux:/run/mux:1", Endpoint::Kind::kMux),
        std::pair("mux:mux.sock", Endpoint::Kind::kMux)}) {
    const auto endpoint = ParseEndpoint(text);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
    EXPECT_EQ(endpoint->kind, kind);
    EXPECT_NE(endpoint->path, "");
    EXPECT_EQ(FormatEndpoint(*endpoint), text);
  }
  const auto tcp = ParseEndpoint("mux:[::1]:31337");
  ASSERT_TRUE(tcp.ok()) << tcp.status();
  EXPECT_EQ(tcp->kind, Endpoint::Kind::kMux);
  EXPECT_EQ(tcp->host, "::1");
  EXPECT_EQ(FormatEndpoint(*tcp), "mux:[::1]:31337");
}

TEST(EndpointTest, MalformedIsRefusedWithTheText) {
  const std::string long_path = "unix:/" + std::string(120, 'a');
  for (const char* text : {"",
                           "unix:",
                           "/run/vp.sock",
                           "127.0.0.1:1",
                           "inet:",
                           "inet:host",
                           "inet:host:",
                           "inet:host:0",
                           "inet:host:65536",
                           "inet:host:x",
                           "inet::1",
                           "inet:2001:db8::1:1",
                           "inet:[::1:1",
                           "inet:[]:1",
                           "inet:a b:1",
                           "remote:",
                           "remote_dir:",
                           "mux:",
                           "mux:host:0",
                           long_path.c_str()}) {
    const auto endpoint = ParseEndpoint(text);
    ASSERT_EQ(endpoint.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(std::string(endpoint.status().message()).find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace scamper::control
