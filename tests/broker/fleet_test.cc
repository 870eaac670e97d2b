// SPDX-License-Identifier: Apache-2.0
#include "server/broker/fleet.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/broker/testing.h"

namespace scamper::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Every endpoint is a daemon of its own; sources are told what to find by the test.
class FakeNetwork : public control::Network {
 public:
  explicit FakeNetwork(base::Executor* executor) : executor_(executor) {}

  std::unique_ptr<control::Connector> MakeConnector(const control::Endpoint& endpoint) override {
    return Daemon(control::FormatEndpoint(endpoint)).MakeConnector();
  }
  std::unique_ptr<control::Source> Watch(const control::Endpoint& endpoint,
                                         control::SourceListener* listener) override {
    struct FakeSource : control::Source {
      explicit FakeSource(std::function<void()> end) : on_end(std::move(end)) {}
      ~FakeSource() override { on_end(); }
      std::function<void()> on_end;
    };
    const std::string name = control::FormatEndpoint(endpoint);
    listeners[name] = listener;
    return std::make_unique<FakeSource>([this, name] { listeners.erase(name); });
  }

  fakes::FakeDaemon& Daemon(const std::string& name) {
    auto& daemon = daemons_[name];
    if (daemon == nullptr) daemon = std::make_unique<fakes::FakeDaemon>(executor_);
    return *daemon;
  }

  std::map<std::string, control::SourceListener*> listeners;

 private:
  base::Executor* const executor_;
  std::map<std::string, std::unique_ptr<fakes::FakeDaemon>> daemons_;
};

control::Endpoint At(absl::string_view text) { return control::ParseEndpoint(text).value(); }

class FleetTest : public BrokerTest {
 protected:
  FleetTest() { MakeFleet({}); }
  ~FleetTest() override {
    fleet_.reset();
    broker_.reset();
    network_.reset();
  }

  void MakeFleet(Fleet::Versions versions) {
    struct Borrowed : control::Network {
      explicit Borrowed(FakeNetwork* network) : real(network) {}
      std::unique_ptr<control::Connector> MakeConnector(const control::Endpoint& e) override {
        return real->MakeConnector(e);
      }
      std::unique_ptr<control::Source> Watch(const control::Endpoint& e,
                                             control::SourceListener* l) override {
        return real->Watch(e, l);
      }
      FakeNetwork* real;
    };
    fleet_ = std::make_unique<Fleet>(broker_.get(), std::make_unique<Borrowed>(network_.get()),
                                     std::move(versions));
  }

  void Find(const std::string& source, const std::string& key, v1::VantagePoint vp) {
    control::FoundVp found;
    found.key = key;
    found.endpoint = absl::StrCat(source, "#", key);
    found.fallback_name = absl::StrCat("vp-", key);
    found.vantage_point = std::move(vp);
    found.connector = network_->Daemon(found.endpoint).MakeConnector();
    network_->listeners.at(source)->OnFound(std::move(found));
    Settle();
  }

  static v1::VantagePoint Vp(const std::string& monitor, const std::string& ipv4 = "") {
    v1::VantagePoint vp;
    if (!monitor.empty()) vp.set_monitor_name(monitor);
    if (!ipv4.empty()) vp.set_ipv4(ipv4);
    return vp;
  }

  std::unique_ptr<FakeNetwork> network_ = std::make_unique<FakeNetwork>(&executor_);
  std::unique_ptr<Fleet> fleet_;
};

TEST_F(FleetTest, DaemonsAndSourcesAreNamedByTheirEndpointsUnlessTold) {
  EXPECT_EQ(fleet_->Attach(At("unix:/a")).value(), "/a");
  EXPECT_EQ(fleet_->Attach(At("inet:127.0.0.1:5")).value(), "127.0.0.1:5");
  EXPECT_EQ(fleet_->Attach(At("mux:/m")).value(), "mux:/m");
  EXPECT_EQ(fleet_->Attach(At("remote:/vps/hlz-192.0.2.1:40000"), "hlz").value(), "hlz");
  EXPECT_THAT(broker_->Names(), ElementsAre("/a", "127.0.0.1:5", "hlz"));
  EXPECT_EQ(Get("hlz").vantage_point().monitor_name(), "hlz");
  EXPECT_EQ(Get("hlz").vantage_point().ipv4(), "192.0.2.1");
  EXPECT_FALSE(Get("/a").has_vantage_point());
}

TEST_F(FleetTest, NamesOfInstancesAndSourcesMustDiffer) {
  ASSERT_TRUE(fleet_->Attach(At("unix:/a"), "x").ok());
  ASSERT_TRUE(fleet_->Attach(At("mux:/m"), "y").ok());
  for (const char* name : {"x", "y"}) {
    EXPECT_TRUE(absl::IsAlreadyExists(fleet_->Attach(At("unix:/b"), name).status()));
    EXPECT_TRUE(absl::IsAlreadyExists(fleet_->Attach(At("mux:/n"), name).status()));
  }
}

TEST_F(FleetTest, FoundVantagePointsAreNamedByWhatIsKnownOfThem) {
  ASSERT_TRUE(fleet_->Attach(At("mux:/m"), "ark").ok());
  v1::VantagePoint shortname = Vp("", "192.0.2.2");
  shortname.set_shortname("akl");
  Find("mux:/m", "1", Vp("hlz", "192.0.2.1"));
  Find("mux:/m", "2", shortname);
  Find("mux:/m", "3", Vp("", "192.0.2.3"));
  Find("mux:/m", "4", Vp(""));
  EXPECT_THAT(broker_->Names(), ElementsAre("hlz", "akl", "192.0.2.3", "vp-4"));
  EXPECT_EQ(Get("hlz").source(), "ark");
  EXPECT_EQ(Get("hlz").endpoint(), "mux:/m#1");
  EXPECT_EQ(Get("hlz").state(), v1::INSTANCE_STATE_READY);
  EXPECT_EQ(fleet_->Sources().at(0).vantage_points(), 4u);
}

TEST_F(FleetTest, NameThatIsTakenGetsANumber) {
  ASSERT_TRUE(fleet_->Attach(At("unix:/a"), "hlz").ok());
  ASSERT_TRUE(fleet_->Attach(At("mux:/m")).ok());
  ASSERT_TRUE(fleet_->Attach(At("mux:/n"), "akl").ok());
  Find("mux:/m", "1", Vp("hlz", "192.0.2.1"));
  Find("mux:/m", "2", Vp("hlz", "192.0.2.2"));
  Find("mux:/n", "1", Vp("hlz", "192.0.2.1"));
  Find("mux:/n", "2", Vp("akl", "192.0.2.1"));
  Find("mux:/n", "3", Vp("", "192.0.2.9"));
  Find("mux:/n", "4", Vp("", "192.0.2.9"));
  EXPECT_THAT(broker_->Names(),
              ElementsAre("hlz", "hlz~2", "hlz~3", "hlz~4", "akl~2", "192.0.2.9", "192.0.2.9~2"));
}

TEST_F(FleetTest, ProcessThatWasStartedAgainTakesThePlaceOfTheOldOne) {
  ASSERT_TRUE(fleet_->Attach(At("mux:/m")).ok());
  Find("mux:/m", "1", Vp("hlz", "192.0.2.1"));
  const TaskId task = Submit(id_, "hlz", "d");
  Find("mux:/m", "2", Vp("hlz", "192.0.2.1"));
  EXPECT_THAT(broker_->Names(), ElementsAre("hlz"));
  EXPECT_EQ(Get("hlz").endpoint(), "mux:/m#2");
  EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
  // sc_remoted gives the old one up a quarter of an hour later.
  network_->listeners.at("mux:/m")->OnGone("1", "given up");
  EXPECT_TRUE(broker_->HasInstance("hlz"));
  network_->listeners.at("mux:/m")->OnGone("2", "given up");
  EXPECT_FALSE(broker_->HasInstance("hlz"));
}

TEST_F(FleetTest, GoneVantagePointLosesItsTasksAndIsSeenOnceMore) {
  ASSERT_TRUE(fleet_->Attach(At("mux:/m")).ok());
  Find("mux:/m", "1", Vp("hlz"));
  std::vector<std::string> seen;
  broker_->Watch([&](const v1::Instance& instance) {
    seen.push_back(absl::StrCat(instance.name(), " ", instance.state(), " ", instance.error()));
  });
  const TaskId out = Submit(id_, "hlz", "d");
  Settle();
  network_->Daemon("mux:/m#1").ReadLine();
  network_->Daemon("mux:/m#1").Write();
  const TaskId sent = Submit(id_, "hlz", "e");
  Settle();
  network_->listeners.at("mux:/m")->OnGone("1", "it left");
  EXPECT_FALSE(broker_->HasInstance("hlz"));
  EXPECT_EQ(network_->Daemon("mux:/m#1").halts(), 1u) << "what was accepted is halted";
  Settle();
  EXPECT_FALSE(network_->Daemon("mux:/m#1").connected());
  for (TaskId task : {out, sent}) {
    EXPECT_EQ(client_.ends.at(task).outcome, v1::TASK_OUTCOME_INSTANCE_LOST);
    EXPECT_THAT(std::string(client_.ends.at(task).status.message()),
                HasSubstr("instance hlz is gone: it left"));
  }
  EXPECT_THAT(seen, ElementsAre("hlz 2 ", "hlz 4 it left"));
  EXPECT_THAT(broker_->Instances(), IsEmpty());
  EXPECT_EQ(broker_->ledger().accepted(), 2u);
  EXPECT_EQ(broker_->ledger().instance_lost(), 2u);
  EXPECT_TRUE(absl::IsNotFound(broker_->Submit(id_, {"hlz", nullptr, ""}).status()));
}

TEST_F(FleetTest, ChangesOfAVantagePointAreSeenAndALostOneIsConnectedToAtOnce) {
  ASSERT_TRUE(fleet_->Attach(At("mux:/m")).ok());
  Find("mux:/m", "1", Vp("hlz"));
  fakes::FakeDaemon& daemon = network_->Daemon("mux:/m#1");
  daemon.answer = fakes::FakeDaemon::Answer::kRefused;
  daemon.Kill();
  executor_.Advance(absl::Minutes(1));
  EXPECT_EQ(Get("hlz").state(), v1::INSTANCE_STATE_LOST);
  daemon.answer = fakes::FakeDaemon::Answer::kReady;
  v1::VantagePoint vp = Vp("hlz");
  vp.set_country("NZ");
  network_->listeners.at("mux:/m")->OnChanged("1", vp);
  executor_.Advance(absl::ZeroDuration());
  EXPECT_EQ(Get("hlz").state(), v1::INSTANCE_STATE_READY);
  EXPECT_EQ(Get("hlz").vantage_point().country(), "NZ");
}

TEST_F(FleetTest, DetachedSourceTakesItsVantagePointsAlong) {
  ASSERT_TRUE(fleet_->Attach(At("unix:/a"), "a").ok());
  ASSERT_TRUE(fleet_->Attach(At("mux:/m"), "ark").ok());
  Find("mux:/m", "1", Vp("hlz"));
  EXPECT_TRUE(absl::IsFailedPrecondition(fleet_->Detach("hlz")));
  EXPECT_TRUE(absl::IsNotFound(fleet_->Detach("nobody")));
  EXPECT_TRUE(fleet_->Detach("ark").ok());
  EXPECT_THAT(broker_->Names(), ElementsAre("a"));
  EXPECT_THAT(network_->listeners, IsEmpty());
  EXPECT_TRUE(fleet_->Detach("a").ok());
  EXPECT_THAT(broker_->Names(), IsEmpty());
  EXPECT_TRUE(fleet_->Attach(At("unix:/b"), "ark").ok()) << "the name is free";
}

TEST_F(FleetTest, SourcesSayWhyTheyCannotBeWatched) {
  ASSERT_TRUE(fleet_->Attach(At("mux:/m")).ok());
  network_->listeners.at("mux:/m")->OnStatus(absl::UnavailableError("no such file"));
  EXPECT_EQ(fleet_->Sources().at(0).error(), "no such file");
  EXPECT_EQ(fleet_->Sources().at(0).endpoint(), "mux:/m");
  network_->listeners.at("mux:/m")->OnStatus(absl::OkStatus());
  EXPECT_EQ(fleet_->Sources().at(0).error(), "");
}

TEST_F(FleetTest, VersionsAreThoseOfTheInstanceElseOfItsSource) {
  fleet_.reset();
  MakeFleet({{"hlz", "20230614"}, {"ark", "20240229"}});
  ASSERT_TRUE(fleet_->Attach(At("mux:/m"), "ark").ok());
  ASSERT_TRUE(fleet_->Attach(At("mux:/n"), "told", "20211212").ok());
  for (const char* source : {"mux:/m", "mux:/n"}) {
    for (const char* key : {"1", "2"}) {
      network_->Daemon(absl::StrCat(source, "#", key)).version_date = 0;
    }
  }
  Find("mux:/m", "1", Vp("hlz"));
  Find("mux:/m", "2", Vp("akl"));
  Find("mux:/n", "1", Vp("chc"));
  EXPECT_EQ(Get("hlz").version(), "20230614");
  EXPECT_EQ(Get("akl").version(), "20240229");
  EXPECT_EQ(Get("chc").version(), "20211212");
}

}  // namespace
}  // namespace scamper::broker
