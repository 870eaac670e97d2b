// SPDX-License-Identifier: Apache-2.0
#include "server/control/remote_dir.h"

#include <asio/local/stream_protocol.hpp>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "tests/control/event_listener.h"
#include "tests/control/source_testing.h"
#include "tests/fakes/uuencode.h"

namespace scamper::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Protocol = asio::local::stream_protocol;

class RemoteDirTest : public SourceTest {
 protected:
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::unique_ptr<Protocol::acceptor> Listen(const std::string& name) {
    return std::make_unique<Protocol::acceptor>(io_, Protocol::endpoint(Path(name)));
  }
  void Watch() {
    source_ = WatchRemoteDir(directory_, &io_, executor_.get(), &listener_);
    EXPECT_TRUE(listener_.events.empty()) << "nothing is told from inside the call";
  }

  std::unique_ptr<Source> source_;
};

TEST_F(RemoteDirTest, SocketsThatAreThereAreFoundFirst) {
  const auto one = Listen("vp1-192.0.2.1:1000");
  const auto two = Listen("192.0.2.2:2000");
  std::ofstream(Path("README")) << "no socket";
  const auto hidden = Listen(".hidden");
  std::filesystem::create_directory(Path("directory"));
  Watch();
  RunUntilEvent("watched");
  EXPECT_THAT(listener_.events,
              UnorderedElementsAre("found vp1-192.0.2.1:1000", "found 192.0.2.2:2000", "watched"));
  EXPECT_EQ(listener_.events.back(), "watched");
  const FoundVp& vp = listener_.found.at("vp1-192.0.2.1:1000");
  EXPECT_EQ(vp.vantage_point.monitor_name(), "vp1");
  EXPECT_EQ(vp.vantage_point.ipv4(), "192.0.2.1");
  EXPECT_EQ(vp.endpoint, "remote:" + Path("vp1-192.0.2.1:1000"));
}

TEST_F(RemoteDirTest, SocketsAppearAndGo) {
  Watch();
  RunUntilEvent("watched");
  const auto one = Listen("vp1-192.0.2.1:1000");
  RunUntilEvent("found vp1-192.0.2.1:1000");
  std::filesystem::rename(Path("vp1-192.0.2.1:1000"), Path("vp1-192.0.2.1:1001"));
  RunUntilEvent("found vp1-192.0.2.1:1001");
  std::filesystem::remove(Path("vp1-192.0.2.1:1001"));
  RunUntilEvent("gone vp1-192.0.2.1:1001");
  EXPECT_THAT(listener_.events,
              ElementsAre("watched", "found vp1-192.0.2.1:1000", "gone vp1-192.0.2.1:1000",
                          "found vp1-192.0.2.1:1001", "gone vp1-192.0.2.1:1001"));
}

TEST_F(RemoteDirTest, DirectoryThatIsMissingIsWaitedFor) {
  std::filesystem::remove(directory_);
  Watch();
  RunUntilEvent("lost");
  EXPECT_EQ(listener_.last_status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(listener_.last_status.message()),
              ::testing::AllOf(HasSubstr(directory_), HasSubstr("No such file or directory")));
  std::filesystem::create_directory(directory_);
  const auto one = Listen("vp1");
  RunUntilEvent("found vp1");
  RunUntilEvent("watched");
}

TEST_F(RemoteDirTest, DirectoryThatIsRemovedTakesItsVantagePointsAndIsFoundAgain) {
  auto one = Listen("vp1");
  Watch();
  RunUntilEvent("watched");
  std::filesystem::remove_all(directory_);
  RunUntilEvent("lost");
  EXPECT_TRUE(listener_.Saw("gone vp1"));
  listener_.events.clear();
  std::filesystem::create_directory(directory_);
  one = Listen("vp1");
  RunUntilEvent("found vp1");
}

TEST_F(RemoteDirTest, SessionOverASocketIsAttachedAtOnce) {
  const auto acceptor = Listen("vp1-192.0.2.1:1000");
  Protocol::socket peer(io_);
  bool accepted = false;
  acceptor->async_accept(peer, [&](const asio::error_code& error) { accepted = !error; });
  Watch();
  RunUntilEvent("watched");
  EventListener session_listener;
  const auto session =
      listener_.found.at("vp1-192.0.2.1:1000").connector->Connect(&session_listener);
  RunUntil([&] { return accepted && session_listener.Saw("attached"); });
  peer.send(asio::buffer(std::string("MORE\n")));
  RunUntil([&] { return session_listener.Saw("more"); });
}

TEST_F(RemoteDirTest, NothingIsToldOnceItIsDestroyed) {
  Watch();
  RunUntilEvent("watched");
  const auto one = Listen("vp1");
  source_.reset();
  io_.restart();
  io_.run_for(std::chrono::milliseconds(50));
  EXPECT_THAT(listener_.events, ElementsAre("watched"));
}

}  // namespace
}  // namespace scamper::control
