// SPDX-License-Identifier: Apache-2.0
// Every kind of measurement through its own RPC and through Run, on an instance that answers as
// scamper 20260420 did.
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "server/control/asio_executor.h"
#include "server/records/registry.h"
#include "server/service/control_service.h"
#include "server/service/record_reader.h"
#include "tests/fakes/replayed_session.h"

namespace scamper::service {
namespace {

using testing::HasSubstr;
using Stub = v1::ScamperControl::Stub;

constexpr int kNewest = 20260420;

// Fills the request of any of the RPCs.
void Fill(const v1::Measurement& m, google::protobuf::Message* request) {
  const auto* kind = m.GetReflection()->GetOneofFieldDescriptor(
      m, v1::Measurement::descriptor()->FindOneofByName("kind"));
  const auto* type = request->GetDescriptor();
  const auto* reflection = request->GetReflection();
  reflection->MutableMessage(request, type->FindFieldByName(kind->name()))
      ->CopyFrom(m.GetReflection()->GetMessage(m, kind));
  v1::ResultOptions options;
  options.set_warts(true);
  reflection->MutableMessage(request, type->FindFieldByName("options"))->CopyFrom(options);
}

template <typename Request, typename Response>
grpc::Status CallWith(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      Stub* stub, const v1::Measurement& m, v1::Result* result) {
  grpc::ClientContext context;
  Request request;
  Response response;
  Fill(m, &request);
  const grpc::Status status = (stub->*method)(&context, request, &response);
  *result = response.result();
  return status;
}

template <auto method>
grpc::Status Call(Stub* stub, const v1::Measurement& m, v1::Result* result) {
  return CallWith(method, stub, m, result);
}

struct Row {
  const char* file;
  // Of the recording.
  const char* command;
  const char* measurement;
  grpc::Status (*call)(Stub*, const v1::Measurement&, v1::Result*);
};

// clang-format off
const Row kRows[] = {
    {"ping", "ping -c 3 -i 0.1 -P icmp-echo -U 0 192.0.2.6", "ping { dst: '192.0.2.6' }",
     Call<&Stub::Ping>},
    {"trace", "trace -t 184 192.0.2.7", "trace { dst: '192.0.2.7' tos: 184 }", Call<&Stub::Trace>},
    {"tracelb", "tracelb -W 15 -w 1 192.0.2.130", "tracelb { dst: '192.0.2.130' }",
     Call<&Stub::Tracelb>},
    {"host", "host -s 192.0.2.1 -t A -U 6 www.example.test",
     "dns { qname: 'www.example.test' server: '192.0.2.1' }", Call<&Stub::Dns>},
    {"http", "http -H 'X-Probe: lab' -u http://web.example.test/teapot 192.0.2.6",
     "http { dst: '192.0.2.6' url: 'http://web.example.test/teapot' "
     "headers { name: 'X-Probe' value: 'lab' } }", Call<&Stub::Http>},
    {"udpprobe", "udpprobe -d 7007 -p aabb -c 3 -o 3 -W 0.5 2001:db8:99::9",
     "udpprobe { dst: '2001:db8:99::9' dport: 7007 payload: '\\xaa\\xbb' attempts: 3 }",
     Call<&Stub::Udpprobe>},
    {"dealias", "dealias -m mercator 203.0.113.2", "mercator { dst: '203.0.113.2' }",
     Call<&Stub::Mercator>},
    {"dealias", "dealias -m ally -W 50 192.0.2.1 192.0.2.2",
     "ally { dst1: '192.0.2.1' dst2: '192.0.2.2' }", Call<&Stub::Ally>},
    {"dealias",
     "dealias -m radargun -W 20 -r 200 -q 3 -p '-P icmp-echo' 192.0.2.1 192.0.2.2 192.0.2.3",
     "radargun { addrs: '192.0.2.1' addrs: '192.0.2.2' addrs: '192.0.2.3' rounds: 3 }",
     Call<&Stub::Radargun>},
    {"dealias", "dealias -m prefixscan -W 30 -p '-P udp -d 33435' 203.0.113.9 203.0.113.10/29",
     "prefixscan { near: '203.0.113.9' far: '203.0.113.10' prefixlen: 29 }",
     Call<&Stub::Prefixscan>},
    {"dealias",
     "dealias -m bump -W 50 -p '-P icmp-echo -i 192.0.2.1' -p '-P icmp-echo -i 192.0.2.2'",
     "bump { probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } }", Call<&Stub::Bump>},
    {"dealias",
     "dealias -m midarest -W 20 -r 200 -q 3 -p '-P icmp-echo' -p '-P udp' 192.0.2.1 192.0.2.2",
     "midarest { addrs: '192.0.2.1' addrs: '192.0.2.2' probedefs {} probedefs { method: 1 } }",
     Call<&Stub::Midarest>},
    {"dealias",
     "dealias -m midardisc -S 0:0:1 -S 0.5:1:2 -S 1:2:3 -p '-P icmp-echo -i 192.0.2.1' "
     "-p '-P udp -d 40000 -i 192.0.2.2' -p '-P tcp-ack -d 80 -i 192.0.2.3' "
     "-p '-P icmp-echo -c 255 -i 192.0.2.4'",
     "midardisc { probedefs { dst: '192.0.2.1' } probedefs { dst: '192.0.2.2' } "
     "schedule { end: 1 } schedule { start { seconds: 1 } end: 1 } }", Call<&Stub::Midardisc>},
    {"sniff", "sniff -S 198.51.100.2 -c 3 -G 2 icmp[icmpid] == 4242",
     "sniff { src: '198.51.100.2' icmp_id: 4242 }", Call<&Stub::Sniff>},
    {"neighbourdisc", "neighbourdisc -i e0 -q 2 2001:db8:1::1",
     "neighbourdisc { dst: '2001:db8:1::1' ifname: 'e0' attempts: 2 }",
     Call<&Stub::Neighbourdisc>},
    {"tbit", "tbit -t icw -u http://web.example.test/big.txt 192.0.2.6",
     "tbit { dst: '192.0.2.6' method: TBIT_TYPE_ICW }", Call<&Stub::Tbit>},
    // Not recorded: the record is ours.
    {nullptr, nullptr, "owamp { dst: '192.0.2.9' }", Call<&Stub::Owamp>},
};
// clang-format on

v1::Measurement Measurement(const Row& row) {
  v1::Measurement measurement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(row.measurement, &measurement))
      << row.measurement;
  return measurement;
}

std::string CommandOf(const v1::Measurement& m) {
  const absl::StatusOr<std::string> command = records::Command(m, kNewest);
  EXPECT_TRUE(command.ok()) << command.status();
  return command.value_or("");
}

control::ReplayScript::Answer OwampAnswer() {
  v1::Record record;
  record.mutable_owamp()->set_dst("192.0.2.9");
  record.mutable_owamp()->set_result(v1::OWAMP_RESULT_NOCONN);
  record.mutable_owamp()->set_schedule_count(0);
  const absl::StatusOr<std::string> bytes = records::Write(record);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  control::ReplayScript::Answer answer;
  answer.accepted = true;
  answer.results.push_back({bytes.value_or(""), false});
  return answer;
}

class MeasurementsTest : public testing::Test {
 protected:
  MeasurementsTest() {
    std::vector<control::Recording> recordings;
    std::set<std::string> files;
    for (const Row& row : kRows) {
      if (row.file != nullptr) files.insert(row.file);
    }
    for (const std::string& file : files) {
      absl::StatusOr<control::Recording> recording = control::LoadRecording(
          absl::StrCat(SCAMPER_TESTDATA, "/sessions/scamper-20260420/", file, ".session.json"));
      EXPECT_TRUE(recording.ok()) << recording.status();
      recordings.push_back(*std::move(recording));
    }
    absl::StatusOr<control::ReplayScript> script = control::ReplayScript::Make(recordings);
    EXPECT_TRUE(script.ok()) << script.status();
    script_ = *std::move(script);
    // The same results for our own spelling of the commands.
    for (const Row& row : kRows) {
      script_.answers[CommandOf(Measurement(row))] =
          row.command == nullptr ? OwampAnswer() : script_.answers.at(row.command);
    }
  }

  ~MeasurementsTest() override {
    server_->Shutdown();
    server_->Wait();
    OnControl([this] {
      if (service_) service_->Close();
      fleet_.reset();
      broker_.reset();
    });
    thread_.Stop();
  }

  void OnControl(const std::function<void()>& f) {
    std::promise<void> done;
    thread_.executor()->Post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  void Start(int version) {
    thread_.Start();
    broker_ = broker::MakeBroker({}, thread_.executor(), &reader_);
    fleet_ = std::make_unique<broker::Fleet>(broker_.get(), nullptr);
    control::ReplayOptions options;
    options.info = {absl::StrCat(version), version, 1000, std::nullopt};
    OnControl([&] {
      EXPECT_TRUE(
          broker_
              ->AddInstance({"vp1", "replay:vp1",
                             control::MakeReplayConnector(script_, options, thread_.executor())})
              .ok());
    });
    service_ = std::make_unique<ControlService>(broker_.get(), fleet_.get(), thread_.executor());
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::ScamperControl::NewStub(server_->InProcessChannel({}));
    grpc::ClientContext context;
    auto watch = stub_->WatchInstances(&context, {});
    v1::WatchInstancesResponse change;
    while (watch->Read(&change)) {
      if (change.instance().state() == v1::INSTANCE_STATE_READY) break;
    }
    context.TryCancel();
    watch->Finish();
  }

  const std::string& RecordOf(const Row& row) {
    return script_.answers.at(CommandOf(Measurement(row))).results.back().record;
  }

  control::ReplayScript script_;
  RecordReader reader_;
  control::ControlThread thread_;
  std::unique_ptr<broker::Broker> broker_;
  std::unique_ptr<broker::Fleet> fleet_;
  std::unique_ptr<ControlService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(MeasurementsTest, EveryKindHasItsRpcWhoseResultIsTheRecord) {
  Start(kNewest);
  std::set<int> kinds;
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.measurement);
    const v1::Measurement m = Measurement(row);
    kinds.insert(m.kind_case());
    v1::Result result;
    const grpc::Status status = row.call(stub_.get(), m, &result);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(result.warts(), RecordOf(row));
    const int number = m.kind_case();
    const int type = number > 90 ? static_cast<int>(v1::Record::kDealias) : number;
    EXPECT_EQ(result.record().kind_case(), type);
    EXPECT_EQ(result.task().instance(), "vp1");
  }
  EXPECT_EQ(static_cast<int>(kinds.size()),
            v1::Measurement::descriptor()->FindOneofByName("kind")->field_count());
}

TEST_F(MeasurementsTest, ARunTakesEveryKind) {
  Start(kNewest);
  v1::RunRequest request;
  for (const Row& row : kRows) *request.add_measurements() = Measurement(row);
  request.mutable_options()->set_warts(true);
  grpc::ClientContext context;
  auto stream = stub_->Run(&context, request);
  v1::RunResponse event;
  std::set<uint32_t> seen;
  while (stream->Read(&event)) {
    EXPECT_FALSE(event.has_error()) << event.ShortDebugString();
    if (!event.has_result()) continue;
    const uint32_t index = event.result().task().measurement();
    EXPECT_TRUE(seen.insert(index).second);
    EXPECT_EQ(event.result().warts(), RecordOf(kRows[index])) << kRows[index].measurement;
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(seen.size(), std::size(kRows));
  EXPECT_EQ(event.done().ledger().results(), std::size(kRows));
}

TEST_F(MeasurementsTest, AnEmptyRequestNamesWhatIsMissing) {
  Start(kNewest);
  for (const Row& row : kRows) {
    v1::Measurement m = Measurement(row);
    const auto* kind = m.GetReflection()->GetOneofFieldDescriptor(
        m, v1::Measurement::descriptor()->FindOneofByName("kind"));
    m.GetReflection()->MutableMessage(&m, kind)->Clear();
    v1::Result result;
    const grpc::Status status = row.call(stub_.get(), m, &result);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << row.measurement;
    EXPECT_THAT(status.error_message(), HasSubstr(absl::StrCat(kind->name(), ".")));
  }
}

TEST_F(MeasurementsTest, AMeasurementThatTheDaemonLacksIsAFailedPrecondition) {
  Start(20211212);
  for (const Row& row : kRows) {
    const v1::Measurement m = Measurement(row);
    if (records::Command(m, 20211212).ok()) continue;
    v1::Result result;
    const grpc::Status status = row.call(stub_.get(), m, &result);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << row.measurement;
    EXPECT_THAT(status.error_message(), HasSubstr(" needs scamper 20"));
  }
}

}  // namespace
}  // namespace scamper::service
