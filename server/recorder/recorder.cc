// SPDX-License-Identifier: Apache-2.0
#include "server/recorder/recorder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/journal.h"

namespace scamper::recorder {
namespace {

// What comes within so long of the first is written with it, unless that is much.
constexpr absl::Duration kGather = absl::Milliseconds(1);
constexpr size_t kMuch = size_t{64} << 10;
// Written at a time.
constexpr size_t kMaxBatch = size_t{4} << 20;

}  // namespace

struct Recorder::Call {
  Recording::Done done;
  absl::Status status;
};

struct Recorder::Step {
  enum class Kind { kAdd, kFinish, kDiscard };

  std::shared_ptr<Track> track;
  Kind kind = Kind::kAdd;
  Under under = {};
  std::string record = {};
  Recording::Done done = nullptr;
  Recording::Finished finished = nullptr;
  // Of kFinish.
  absl::Time time = {};

  size_t bytes() const { return sizeof(Step) + record.size(); }
};

struct Recording::Track {
  explicit Track(std::unique_ptr<store::Journal> held) : journal(std::move(held)) {}

  // Of the thread that writes, then of that which makes the file.
  std::unique_ptr<store::Journal> journal;
  bool created = false;
  Numbering numbering;
  // The error that is final.
  absl::Status status;
  // What waits to be written, and whose it is.
  std::string batch;
  std::vector<Recorder::Call> calls;
  size_t batch_bytes = 0;

  std::atomic<size_t> bytes = 0;
  // Held while the journal is synced, and while it is taken away.
  absl::Mutex sync_mutex;
  // It is in Recorder::unsynced_, whose mutex guards this.
  bool unsynced = false;
};

Recording::Recording(Recorder* recorder, std::shared_ptr<Track> track)
    : recorder_(recorder), track_(std::move(track)) {}

Recording::~Recording() {
  if (track_ != nullptr) Finish(nullptr);
}

void Recording::Add(Under under, std::string record, Done done) {
  Recorder::Step step{.track = track_,
                      .under = std::move(under),
                      .record = std::move(record),
                      .done = std::move(done)};
  track_->bytes += step.bytes();
  recorder_->Enqueue(std::move(step));
}

size_t Recording::bytes() const { return track_->bytes; }

void Recording::Finish(Finished finished) {
  recorder_->Enqueue({.track = std::exchange(track_, nullptr),
                      .kind = Recorder::Step::Kind::kFinish,
                      .finished = std::move(finished),
                      .time = recorder_->executor_->Now()});
}

void Recording::Discard() {
  recorder_->Enqueue(
      {.track = std::exchange(track_, nullptr), .kind = Recorder::Step::Kind::kDiscard});
}

Recorder::Recorder(store::Store* store, base::Executor* executor, RecorderOptions options)
    : store_(store),
      executor_(executor),
      options_(std::move(options)),
      pool_(options_.completions),
      writer_([this] { Write(); }),
      syncer_([this] { Sync(); }) {}

Recorder::~Recorder() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  writer_.join();
  syncer_.join();
  WaitUntilIdle(absl::InfiniteDuration());
}

absl::Status Recorder::Recover() {
  absl::StatusOr<std::vector<std::unique_ptr<store::Journal>>> left = store_->LeftJournals();
  if (!left.ok()) return left.status();
  for (std::unique_ptr<store::Journal>& one : *left) {
    Run([this, journal = std::shared_ptr<store::Journal>(std::move(one))] {
      const std::string name = journal->target().name;
      const auto file = RecoverJournal(store_, journal.get(), going_, options_.log);
      options_.log(file.ok()
                       ? absl::StrCat("recording ", name, ": recovered after a crash as ",
                                      file->name, ", ", file->size, " bytes")
                       : absl::StrCat("recording ", name,
                                      ": not recovered: ", std::string(file.status().message())));
    });
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Recording>> Recorder::Start(std::string name,
                                                           const files::OutputKind& kind,
                                                           bool overwrite) {
  absl::StatusOr<std::unique_ptr<store::Journal>> journal =
      store_->HoldJournal({std::move(name), KindText(kind), overwrite});
  if (!journal.ok()) return journal.status();
  return std::unique_ptr<Recording>(
      new Recording(this, std::make_shared<Track>(*std::move(journal))));
}

bool Recorder::WaitUntilIdle(absl::Duration timeout) {
  const auto idle = [this] {
    mutex_.AssertReaderHeld();
    return steps_.empty() && !writing_ && jobs_left_ == 0;
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&idle), timeout);
}

// ---- the thread that writes

void Recorder::Enqueue(Step step) {
  absl::MutexLock lock(&mutex_);
  waiting_ += step.bytes();
  steps_.push_back(std::move(step));
}

void Recorder::Write() {
  const auto ready = [this] {
    mutex_.AssertReaderHeld();
    return !steps_.empty() || stopping_;
  };
  const auto much = [this] {
    mutex_.AssertReaderHeld();
    return waiting_ >= kMuch || stopping_;
  };
  while (true) {
    std::vector<Step> steps;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      mutex_.Await(absl::Condition(&ready));
      if (steps_.empty()) return;
      mutex_.AwaitWithTimeout(absl::Condition(&much), kGather);
      steps.swap(steps_);
      waiting_ = 0;
      writing_ = true;
    }
    Process(std::move(steps));
  }
}

void Recorder::Process(std::vector<Step> steps) {
  std::vector<std::shared_ptr<Track>> touched;
  std::vector<Step> ends;
  std::vector<Call> calls;
  for (Step& step : steps) {
    if (step.kind != Step::Kind::kAdd) {
      ends.push_back(std::move(step));
      continue;
    }
    Track& track = *step.track;
    if (track.calls.empty()) touched.push_back(step.track);
    absl::Status status = track.status;
    if (status.ok()) status = track.numbering.Append(step.under, step.record, &track.batch);
    track.calls.push_back({std::move(step.done), std::move(status)});
    track.batch_bytes += step.bytes();
    if (track.batch.size() >= kMaxBatch) Flush(step.track, &calls);
  }
  for (const std::shared_ptr<Track>& track : touched) Flush(track, &calls);
  if (!calls.empty()) {
    executor_->Post([calls = std::move(calls)] {
      for (const Call& call : calls) {
        if (call.done) call.done(call.status);
      }
    });
  }
  for (Step& step : ends) End(std::move(step));
}

void Recorder::Flush(const std::shared_ptr<Track>& shared, std::vector<Call>* calls) {
  Track& track = *shared;
  if (track.calls.empty()) return;
  if (track.status.ok() && !track.created) {
    track.status = track.journal->Create();
    track.created = track.status.ok();
  }
  if (track.status.ok()) track.status = track.journal->Append(track.batch);
  track.batch.clear();
  for (Call& call : track.calls) {
    if (call.status.ok()) call.status = track.status;
    calls->push_back(std::move(call));
  }
  track.calls.clear();
  track.bytes -= std::exchange(track.batch_bytes, 0);
  absl::MutexLock lock(&mutex_);
  if (!track.created || std::exchange(track.unsynced, true)) return;
  unsynced_.push_back(shared);
}

void Recorder::End(Step step) {
  Track& track = *step.track;
  if (step.kind == Step::Kind::kDiscard) {
    absl::MutexLock lock(&track.sync_mutex);
    track.journal->Discard();
    track.journal.reset();
    return;
  }
  if (track.status.ok() && !track.created) {
    track.status = track.journal->Create();
    track.created = track.status.ok();
  }
  std::string stops;
  track.numbering.AppendStops(step.time, &stops);
  if (track.status.ok()) track.status = track.journal->Append(stops);
  Run([this, track = std::move(step.track), finished = std::move(step.finished)] {
    MakeFile(track.get(), finished);
  });
}

// ---- the threads that make files

void Recorder::Run(std::function<void()> job) {
  {
    absl::MutexLock lock(&mutex_);
    jobs_.push_back(std::move(job));
    ++jobs_left_;
  }
  StartJob();
}

void Recorder::StartJob() {
  absl::MutexLock lock(&mutex_);
  if (!jobs_.empty()) pool_.TryRun([this] { RunJob(); }, [this] { StartJob(); });
}

void Recorder::RunJob() {
  std::function<void()> job;
  {
    absl::MutexLock lock(&mutex_);
    if (jobs_.empty()) return;
    job = std::move(jobs_.front());
    jobs_.pop_front();
  }
  job();
  job = nullptr;
  absl::MutexLock lock(&mutex_);
  --jobs_left_;
}

void Recorder::MakeFile(Track* track, const Recording::Finished& finished) {
  std::unique_ptr<store::Journal> journal;
  {
    absl::MutexLock lock(&track->sync_mutex);
    journal = std::move(track->journal);
  }
  const std::string name = journal->target().name;
  absl::Status status = track->status;
  store::FileInfo file;
  if (track->created) {
    absl::StatusOr<store::FileInfo> made =
        Complete(store_, journal.get(), false, going_, options_.log);
    if (status.ok()) status = made.status();
    if (made.ok()) file = *std::move(made);
  }
  journal.reset();
  if (!status.ok())
    options_.log(absl::StrCat("recording ", name, ": ", std::string(status.message())));
  if (!finished) return;
  executor_->Post([finished, status, file] {
    if (status.ok()) finished(file);
    if (!status.ok()) finished(status);
  });
}

// ---- the thread that syncs

void Recorder::Sync() {
  const auto ready = [this] {
    mutex_.AssertReaderHeld();
    return !unsynced_.empty() || stopping_;
  };
  const auto stopping = [this] { return stopping_.load(); };
  absl::Time next = absl::InfinitePast();
  while (true) {
    std::vector<std::shared_ptr<Track>> tracks;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithDeadline(absl::Condition(&stopping), next);
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      tracks.swap(unsynced_);
      for (const std::shared_ptr<Track>& track : tracks) track->unsynced = false;
    }
    next = absl::Now() + options_.sync_interval;
    SyncTracks(tracks);
  }
}

void Recorder::SyncTracks(const std::vector<std::shared_ptr<Track>>& tracks) {
  for (const std::shared_ptr<Track>& track : tracks) {
    absl::MutexLock lock(&track->sync_mutex);
    if (track->journal == nullptr) continue;
    if (absl::Status status = track->journal->Sync(); !status.ok())
      options_.log(absl::StrCat("recording ", track->journal->target().name, ": ",
                                std::string(status.message())));
  }
}

}  // namespace scamper::recorder
