// SPDX-License-Identifier: Apache-2.0
#include "server/recorder/recorder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <random>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "server/io/open.h"
#include "tests/recorder/recorder_testing.h"
#include "tests/store/store_testing.h"

namespace scamper::recorder {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using files::Format;
using io::Compression;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class RecorderTest : public store::FolderTest {
 protected:
  RecorderTest() { Restart(); }
  ~RecorderTest() override { recorder_.reset(); }

  // As a server that ends and starts again.
  void Restart(uint64_t max_bytes = 0) {
    recorder_.reset();
    Open(max_bytes);
    log_.clear();
    RecorderOptions options;
    options.sync_interval = absl::ZeroDuration();
    options.log = [this](const std::string& line) {
      absl::MutexLock lock(&mutex_);
      log_.push_back(line);
    };
    recorder_ = std::make_unique<Recorder>(store_.get(), &executor_, options);
  }

  // What a kill -9 leaves now, with the next server on it. Recordings of this one must be gone.
  void RestartOn(const fs::path& copy, uint64_t max_bytes = 0) {
    recorder_.reset();
    folder_ = copy;
    Restart(max_bytes);
    EXPECT_TRUE(recorder_->Recover().ok());
    EXPECT_TRUE(recorder_->WaitUntilIdle(absl::Seconds(60)));
  }

  fs::path CopyFolder() {
    const fs::path copy = root_ / absl::StrCat("copy", copies_++);
    fs::copy(folder_, copy);
    return copy;
  }

  std::unique_ptr<Recording> Start(const std::string& name, files::OutputKind kind = {},
                                   bool overwrite = false) {
    auto recording = recorder_->Start(name, kind, overwrite);
    EXPECT_TRUE(recording.ok()) << recording.status();
    return *std::move(recording);
  }

  // Waits until it is recorded.
  absl::Status Add(Recording& recording, Result result) {
    absl::optional<absl::Status> given;
    recording.Add(std::move(result.under), std::move(result.record),
                  [&](const absl::Status& status) { given = status; });
    executor_.RunUntil([&] { return given.has_value(); });
    return *given;
  }

  absl::StatusOr<store::FileInfo> Finish(Recording& recording) {
    absl::optional<absl::StatusOr<store::FileInfo>> given;
    recording.Finish([&](absl::StatusOr<store::FileInfo> file) { given = std::move(file); });
    executor_.RunUntil([&] { return given.has_value(); });
    return *given;
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const store::FileInfo& file : store_->List("", 1000).files) names.push_back(file.name);
    return names;
  }

  // Decompressed.
  std::string Get(const std::string& name) {
    auto source = store_->Read(name);
    EXPECT_TRUE(source.ok()) << source.status();
    if (!source.ok()) return "";
    const auto plain = io::Decompress(io::CompressionOfName(name), *std::move(source));
    std::string all;
    char buffer[4096];
    while (true) {
      const auto n = plain->Read(buffer, sizeof buffer);
      EXPECT_TRUE(n.ok()) << n.status();
      if (!n.ok() || *n == 0) return all;
      all.append(buffer, *n);
    }
  }

  std::vector<std::string> Log() {
    absl::MutexLock lock(&mutex_);
    return log_;
  }

  absl::Mutex mutex_;
  std::vector<std::string> log_;
  TestExecutor executor_;
  std::unique_ptr<Recorder> recorder_;
  int copies_ = 0;
};

TEST_F(RecorderTest, FileHasListsCyclesAndResultsInOrderAndStopsAtTheEnd) {
  const Under a = MakeUnder("a");
  const Under b = MakeUnder("b");
  auto recording = Start("run.warts");
  ASSERT_TRUE(Add(*recording, MakePing(a, 1)).ok());
  ASSERT_TRUE(Add(*recording, MakePing(b, 2)).ok());
  ASSERT_TRUE(Add(*recording, MakePing(a, 3)).ok());
  EXPECT_THAT(Names(), IsEmpty());
  const auto file = Finish(*recording);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->name, "run.warts");
  EXPECT_EQ(file->size, Get("run.warts").size());
  EXPECT_THAT(
      Summary(Get("run.warts")),
      ElementsAre("list a", "cycle_start a", "ping a 1", "list b", "cycle_start b", "ping b 2",
                  "ping a 3", "cycle_stop a 1800000000", "cycle_stop b 1800000000"));
  EXPECT_THAT(OnDisk(), ElementsAre("run.warts"));
}

TEST_F(RecorderTest, EveryKindHoldsTheSame) {
  const auto record = [&](const std::string& name) {
    auto recording = Start(name, files::OutputKindOfName(name).value());
    for (uint32_t i = 0; i < 100; ++i)
      EXPECT_TRUE(Add(*recording, MakePing(MakeUnder(i % 2 == 0 ? "a" : "b"), i)).ok());
    EXPECT_TRUE(Finish(*recording).ok());
    return Get(name);
  };
  const std::string warts = record("run.warts");
  EXPECT_THAT(Summary(warts), SizeIs(106));
  for (const char* compression : {".gz", ".bz2", ".xz"})
    EXPECT_EQ(record(absl::StrCat("run.warts", compression)), warts);
  const std::string json = record("run.json");
  EXPECT_EQ(record("run.json.gz"), json);
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 104);
  EXPECT_THAT(json, HasSubstr("{\"type\":\"cycle-start\", \"list_name\":\"a\""));
  EXPECT_THAT(json, HasSubstr("\"userid\":99"));
  const std::string text = record("run.txt.xz");
  EXPECT_THAT(text, HasSubstr("ping "));
}

TEST_F(RecorderTest, RecordingOfNothingIsAnEmptyFile) {
  ASSERT_TRUE(Finish(*Start("run.warts")).ok());
  EXPECT_EQ(Get("run.warts"), "");
  ASSERT_TRUE(Finish(*Start("run.json.gz", {Format::kJson, Compression::kGzip})).ok());
  EXPECT_EQ(Get("run.json.gz"), "");
}

TEST_F(RecorderTest, ManyResultsAreToldInOrderAndInFewFunctions) {
  auto recording = Start("run.warts");
  std::vector<uint32_t> told;
  const Under under = MakeUnder("a");
  constexpr uint32_t kCount = 20'000;
  const Result ping = MakePing(under, 0);
  for (uint32_t i = 0; i < kCount; ++i)
    recording->Add(under, ping.record, [&told, i](const absl::Status&) { told.push_back(i); });
  EXPECT_GT(recording->bytes(), 0u);
  bool finished = false;
  Recording* const raw = recording.get();
  executor_.RunUntil([&] { return told.size() == kCount; });
  EXPECT_EQ(raw->bytes(), 0u);
  recording->Finish([&](const auto&) { finished = true; });
  executor_.RunUntil([&] { return finished; });
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_LT(executor_.posts(), 2000);
  EXPECT_THAT(ReadBack(Get("run.warts")), SizeIs(kCount + 3));
}

TEST_F(RecorderTest, RecordingThatIsGoneIsFinished) {
  const Result ping = MakePing(MakeUnder("a"), 1);
  Start("run.warts")->Add(ping.under, ping.record, nullptr);
  EXPECT_TRUE(recorder_->WaitUntilIdle(absl::Seconds(60)));
  EXPECT_THAT(Summary(Get("run.warts")), Contains("ping a 1"));
}

TEST_F(RecorderTest, DiscardedRecordingLeavesNothing) {
  auto recording = Start("run.warts");
  ASSERT_TRUE(Add(*recording, MakePing(MakeUnder("a"), 1)).ok());
  recording->Discard();
  Start("other.warts")->Discard();
  EXPECT_TRUE(recorder_->WaitUntilIdle(absl::Seconds(60)));
  EXPECT_THAT(OnDisk(), IsEmpty());
  EXPECT_TRUE(recorder_->Start("run.warts", {}, false).ok());
}

TEST_F(RecorderTest, NameIsTakenWhileRecordingAndAfterwards) {
  const auto start = [&](bool overwrite) {
    return recorder_->Start("run.warts", {}, overwrite).status().code();
  };
  auto recording = Start("run.warts");
  EXPECT_EQ(start(false), StatusCode::kAlreadyExists);
  EXPECT_EQ(start(true), StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Finish(*recording).ok());
  EXPECT_EQ(start(false), StatusCode::kAlreadyExists);
  recording = Start("run.warts", {}, true);
  ASSERT_TRUE(Add(*recording, MakePing(MakeUnder("a"), 1)).ok());
  ASSERT_TRUE(Finish(*recording).ok());
  EXPECT_THAT(Summary(Get("run.warts")), Contains("ping a 1"));
  EXPECT_EQ(recorder_->Start("a/b", {}, true).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(RecorderTest, WhatIsNoRecordIsRefusedAloneAndTheRestRecorded) {
  auto recording = Start("run.warts");
  const Under under = MakeUnder("a");
  EXPECT_EQ(Add(*recording, {under, "no record"}).code(), StatusCode::kDataLoss);
  ASSERT_TRUE(Add(*recording, MakePing(under, 1)).ok());
  ASSERT_TRUE(Finish(*recording).ok());
  EXPECT_THAT(Summary(Get("run.warts")), Contains("ping a 1"));
}

TEST_F(RecorderTest, MalformedRecordIsKeptInWartsAndLeftOutOfJsonWithALine) {
  const std::string malformed = records::Bytes("1205 0007 0000000c 03 0009 00000001 00000001 ff");
  const Under under = MakeUnder("a");
  for (const files::OutputKind kind : {files::OutputKind{}, files::OutputKind{Format::kJson}}) {
    auto recording = Start(kind.format == Format::kJson ? "run.json" : "run.warts", kind);
    ASSERT_TRUE(Add(*recording, {under, malformed}).ok());
    ASSERT_TRUE(Add(*recording, MakePing(under, 7)).ok());
    ASSERT_TRUE(Finish(*recording).ok());
  }
  EXPECT_THAT(Get("run.warts"), HasSubstr(malformed));
  EXPECT_THAT(Get("run.json"), HasSubstr("\"userid\":7"));
  EXPECT_THAT(Log(), ElementsAre(HasSubstr("recording run.json: 20 bytes at")));
}

TEST_F(RecorderTest, QuotaEndsTheRecordingForGoodAndTheFileHasWhatWasBefore) {
  const Result ping = MakePing(MakeUnder("a"), 1);
  Restart(1000 + 3 * ping.record.size());
  auto recording = Start("run.warts");
  uint32_t ok = 0;
  absl::Status status;
  for (; ok < 100 && status.ok(); ++ok) status = Add(*recording, ping);
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(Add(*recording, ping).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(Finish(*recording).status().code(), StatusCode::kResourceExhausted);
  // Of the last try nothing is there, and no stop.
  EXPECT_THAT(Summary(Get("run.warts")), SizeIs(2 + ok - 1));
  ASSERT_TRUE(store_->Delete("run.warts").ok());
  EXPECT_TRUE(Add(*Start("next.warts"), ping).ok());
}

TEST_F(RecorderTest, FileThatFindsNoRoomIsKeptAsWarts) {
  const Result ping = MakePing(MakeUnder("a"), 1);
  Restart(300 + 3 * ping.record.size());
  auto recording = Start("run.json", {Format::kJson});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Add(*recording, ping).ok());
  const auto file = Finish(*recording);
  EXPECT_EQ(file.status().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("in the file 'run.json.warts'"));
  EXPECT_THAT(Summary(Get("run.json.warts")), Contains("ping a 1"));
}

// ---- after a crash

TEST_F(RecorderTest, WhatWasToldIsRecoveredInEveryKindAndStopsAtTheLastWrite) {
  const Under under = MakeUnder("a");
  std::vector<std::unique_ptr<Recording>> recordings;
  std::vector<fs::path> copies;
  for (const char* name : {"1.warts", "2.warts.gz", "3.json", "4.txt.bz2", "5.warts.xz"}) {
    recordings.push_back(Start(name, files::OutputKindOfName(name).value()));
    ASSERT_TRUE(Add(*recordings.back(), MakePing(under, 1)).ok());
    ASSERT_TRUE(Add(*recordings.back(), MakePing(under, 2)).ok());
  }
  const fs::path copy = CopyFolder();
  recordings.clear();
  const int64_t before = absl::ToUnixSeconds(absl::Now()) - 60;
  RestartOn(copy);
  EXPECT_THAT(OnDisk(),
              UnorderedElementsAre("1.warts", "2.warts.gz", "3.json", "4.txt.bz2", "5.warts.xz"));
  const std::string warts = Get("1.warts");
  EXPECT_THAT(Summary(warts), ElementsAre("list a", "cycle_start a", "ping a 1", "ping a 2",
                                          testing::StartsWith("cycle_stop a ")));
  EXPECT_GT(ReadBack(warts).back().record().cycle_stop().stop().seconds(), before);
  EXPECT_EQ(Get("2.warts.gz").size(), warts.size());
  EXPECT_EQ(Get("5.warts.xz").size(), warts.size());
  EXPECT_THAT(Get("3.json"), HasSubstr("\"userid\":2"));
  EXPECT_THAT(Get("4.txt.bz2"), HasSubstr("ping "));
  EXPECT_THAT(Log(), Contains(HasSubstr("recording 3.json: recovered after a crash as 3.json, ")));
}

TEST_F(RecorderTest, JournalCutAnywhereIsRecoveredUpToItsLastWholeRecord) {
  auto recording = Start("run.warts");
  const Under under = MakeUnder("a");
  ASSERT_TRUE(Add(*recording, MakePing(under, 1)).ok());
  ASSERT_TRUE(Add(*recording, MakePing(under, 2)).ok());
  const fs::path whole = CopyFolder();
  recording.reset();
  const size_t size = fs::file_size(whole / ".record-1");
  const size_t ping = MakePing(under, 2).record.size();
  v1::Record list;
  *list.mutable_list() = *under.list;
  const size_t first = records::Write(list).value().size();
  for (size_t cut = 0; cut <= size; ++cut) {
    const fs::path copy = root_ / "cut";
    fs::remove_all(copy);
    fs::copy(whole, copy);
    fs::resize_file(copy / ".record-1", cut);
    RestartOn(copy);
    const size_t pings = cut == size ? 2 : cut >= size - ping ? 1 : 0;
    if (cut < first) {
      ASSERT_THAT(OnDisk(), IsEmpty()) << cut;
      continue;
    }
    const std::vector<std::string> lines = Summary(Get("run.warts"));
    ASSERT_EQ(std::count(lines.begin(), lines.end(), "ping a 1"), pings >= 1) << cut;
    ASSERT_EQ(std::count(lines.begin(), lines.end(), "ping a 2"), pings >= 2) << cut;
  }
}

TEST_F(RecorderTest, DamageInsideAJournalCostsOnlyWhatIsDamaged) {
  auto recording = Start("run.warts");
  const Under under = MakeUnder("a");
  for (uint32_t i = 1; i <= 3; ++i) ASSERT_TRUE(Add(*recording, MakePing(under, i)).ok());
  const fs::path copy = CopyFolder();
  recording.reset();
  const size_t ping = MakePing(under, 2).record.size();
  {
    std::fstream journal(copy / ".record-1", std::ios::in | std::ios::out | std::ios::binary);
    journal.seekp(-2 * static_cast<std::streamoff>(ping), std::ios::end);
    journal << std::string(8, '\0');
  }
  RestartOn(copy);
  EXPECT_THAT(Summary(Get("run.warts")),
              ElementsAre("list a", "cycle_start a", "ping a 1", "ping a 3"));
}

TEST_F(RecorderTest, NameThatIsTakenByThenGetsAMark) {
  std::vector<std::unique_ptr<Recording>> recordings;
  for (const char* name : {"run.warts", "run.json.gz"}) {
    recordings.push_back(Start(name, files::OutputKindOfName(name).value()));
    ASSERT_TRUE(Add(*recordings.back(), MakePing(MakeUnder("a"), 1)).ok());
  }
  const fs::path copy = CopyFolder();
  recordings.clear();
  for (const char* name : {"run.warts", "run.json.gz", "run-recovered-1.warts"})
    std::ofstream(copy / name) << "";
  RestartOn(copy);
  EXPECT_THAT(Names(), ElementsAre("run-recovered-1.json.gz", "run-recovered-1.warts",
                                   "run-recovered-2.warts", "run.json.gz", "run.warts"));
  EXPECT_THAT(Summary(Get("run-recovered-2.warts")), Contains("ping a 1"));
}

TEST_F(RecorderTest, RecoveredRecordingReplacesAFileWhereItWasToDoSo) {
  ASSERT_TRUE(Finish(*Start("run.warts")).ok());
  auto recording = Start("run.warts", {}, true);
  ASSERT_TRUE(Add(*recording, MakePing(MakeUnder("a"), 1)).ok());
  const fs::path copy = CopyFolder();
  recording.reset();
  RestartOn(copy);
  EXPECT_THAT(Names(), ElementsAre("run.warts"));
  EXPECT_THAT(Summary(Get("run.warts")), Contains("ping a 1"));
}

TEST_F(RecorderTest, FullStoreIsRecoveredWithoutStops) {
  auto recording = Start("run.warts");
  ASSERT_TRUE(Add(*recording, MakePing(MakeUnder("a"), 1)).ok());
  const fs::path copy = CopyFolder();
  recording.reset();
  RestartOn(copy, 100);
  EXPECT_THAT(Summary(Get("run.warts")), ElementsAre("list a", "cycle_start a", "ping a 1"));
  EXPECT_THAT(Log(), Contains(HasSubstr("without stops of its cycles")));
}

TEST_F(RecorderTest, FileThatTheEndOfTheServerInterruptsIsMadeAtTheNextStart) {
  auto recording = Start("run.json", {Format::kJson});
  ASSERT_TRUE(Add(*recording, MakePing(MakeUnder("a"), 1)).ok());
  bool finished = false;
  // Whether it is made before or after is a matter of chance; lost it must not be.
  recording->Finish([&](const absl::StatusOr<store::FileInfo>& file) {
    EXPECT_TRUE(file.ok() || absl::IsCancelled(file.status())) << file.status();
    finished = true;
  });
  recorder_.reset();
  executor_.RunUntil([&] { return finished; });
  Restart();
  ASSERT_TRUE(recorder_->Recover().ok());
  EXPECT_TRUE(recorder_->WaitUntilIdle(absl::Seconds(60)));
  EXPECT_THAT(Names(), ElementsAre("run.json"));
  EXPECT_THAT(Get("run.json"), HasSubstr("\"userid\":1"));
}

// Records pings with userids from 0 on, and writes those that were told to `out`.
[[noreturn]] void RecordUntilKilled(const fs::path& folder, const std::string& name, int out) {
  auto store = store::Store::Open(folder, 0);
  TestExecutor executor;
  Recorder recorder(store->get(), &executor, {});
  auto recording = recorder.Start(name, files::OutputKindOfName(name).value(), false);
  const Under unders[] = {MakeUnder("a"), MakeUnder("b")};
  uint32_t told = 0;
  for (uint32_t i = 0;; ++i) {
    Result ping = MakePing(unders[i % 2], i);
    (*recording)->Add(std::move(ping.under), std::move(ping.record), [&](const absl::Status& s) {
      if (!s.ok() || write(out, &told, sizeof told) != sizeof told) _exit(1);
      ++told;
    });
    if ((*recording)->bytes() > 20'000) executor.RunUntil([&] { return told + 10 > i; });
  }
}

// The userids in a file of warts or JSON.
std::vector<uint32_t> UserIds(const std::string& name, const std::string& file) {
  std::vector<uint32_t> ids;
  if (absl::StrContains(name, ".json")) {
    const std::string member = "\"userid\":";
    for (size_t at = file.find(member); at != std::string::npos; at = file.find(member, at + 1))
      ids.push_back(static_cast<uint32_t>(std::stoul(file.substr(at + member.size(), 10))));
    return ids;
  }
  for (const v1::FileRecord& item : ReadBack(file)) {
    if (!item.record().has_ping()) continue;
    ids.push_back(item.record().ping().userid());
    EXPECT_EQ(item.list().name(), ids.back() % 2 == 0 ? "a" : "b");
  }
  return ids;
}

TEST_F(RecorderTest, KillAtAnyMomentLosesNoRecordThatWasTold) {
  recorder_.reset();
  store_.reset();
  std::mt19937 random(4711);
  for (int round = 0; round < 20; ++round) {
    const std::string name =
        std::array{"run.warts", "run.warts.gz", "run.json", "run.warts.xz"}[round % 4];
    const fs::path folder = root_ / absl::StrCat("kill", round);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    recorder_.reset();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) RecordUntilKilled(folder, name, ends[1]);
    close(ends[1]);
    const uint32_t enough = random() % (round % 2 == 0 ? 20 : 2000);
    uint32_t told = 0;
    for (uint32_t i = 0; read(ends[0], &i, sizeof i) == sizeof i; ++told) {
      ASSERT_EQ(i, told);
      if (i == enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    ASSERT_GT(told, enough);
    RestartOn(folder);
    ASSERT_THAT(OnDisk(), ElementsAre(name));
    const std::vector<uint32_t> ids = UserIds(name, Get(name));
    ASSERT_GE(ids.size(), told);
    for (uint32_t i = 0; i < ids.size(); ++i) ASSERT_EQ(ids[i], i);
  }
}

}  // namespace
}  // namespace scamper::recorder
