// SPDX-License-Identifier: Apache-2.0
// Recording results to files of the store while they arrive.
//
// Records go to a journal (store/journal.h) as plain warts, and at the end the file is made of it
// in the kind that was asked for. Guarantees:
// 1. A record whose `done` said OK is not lost when the process is killed, at whatever moment: the
//    next start makes the file of what the journal has (Recover). Of a machine that goes down
//    what is older than about RecorderOptions::sync_interval is safe.
// 2. The file is one that scamper's own tools read: each record names its own list and cycle,
//    see Numbering; cycles end with the time of Finish, after a crash with that of the last record.
//    A file of warts has each record as it came but for those two numbers, also one that we
//    cannot read; other kinds leave out what cannot be read.
// 3. Until the file is there its name is held: no upload or other recording can take it.
// 4. Records of one recording are in the file in the order of Add.
//
// A crash between the last two steps of making a file that is not plain warts, giving it its name
// and removing the journal, brings the same records a second time, in a file "-recovered-1".
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/base/worker_pool.h"
#include "server/files/output_kind.h"
#include "server/recorder/completion.h"
#include "server/recorder/numbering.h"
#include "server/store/store.h"

namespace scamper::recorder {

class Recorder;

// One file to be. Thread-safe but for its end; nothing blocks. Callbacks are posted to the executor
// of the Recorder, in order, those of many records in one function; they come also after the
// Recording is gone, and once each.
class Recording {
 public:
  using Done = std::function<void(const absl::Status&)>;
  using Finished = std::function<void(absl::StatusOr<store::FileInfo>)>;

  // As Finish.
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Records a result, header included. An error of `done`:
  // - DATA_LOSS or INVALID_ARGUMENT: this one is no record of a measurement (see Numbering::Append)
  //   and is not in the file; others are not affected.
  // - Any other, e.g. RESOURCE_EXHAUSTED on a full disk or beyond the quota: final; it is that
  //   of each later record too.
  void Add(Under under, std::string record, Done done);

  // Bytes of records that wait for the disk, with what each costs beside. Who adds faster
  // than the disk takes must wait for this to fall; it has fallen when `done` is called.
  size_t bytes() const;

  // Ends the file and makes it, which may take as long as compressing all of it. Once, the last
  // call of all. The error of a record that was final is that of `finished` as well, though what
  // was recorded before becomes the file. CANCELLED where the server ends before: the next start
  // makes the file.
  void Finish(Finished finished);
  // Instead of Finish: there will be no file.
  void Discard();

 private:
  friend class Recorder;
  struct Track;

  Recording(Recorder* recorder, std::shared_ptr<Track> track);

  Recorder* const recorder_;
  // Null once it is at its end.
  std::shared_ptr<Track> track_;
};

struct RecorderOptions {
  // How often what was written is synced to the disk, at most.
  absl::Duration sync_interval = absl::Seconds(1);
  // Files that can be made at a time.
  size_t completions = 2;
  // Called on any thread, one line at a time.
  Log log = [](const std::string&) {};
};

// Thread-safe. Outlives its Recordings.
class Recorder {
 public:
  // Both outlive it. Its threads are one that writes, one that syncs and those that make files.
  Recorder(store::Store* store, base::Executor* executor, RecorderOptions options);
  // Writes what waits; files of plain warts that are due are made, others left to the next start.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Begins to make the files of journals that an earlier process left; their names are held from
  // now on. Each is a line of the log. Once, before Start.
  absl::Status Recover();

  // A file of that name to be. ALREADY_EXISTS where there is one or one is being recorded, and not
  // `overwrite`; with it FAILED_PRECONDITION where one is being recorded. INVALID_ARGUMENT for a
  // bad name. What goes wrong on the disk is told by `done`.
  absl::StatusOr<std::unique_ptr<Recording>> Start(std::string name, const files::OutputKind& kind,
                                                   bool overwrite);

  // Waits, `timeout` at most, until nothing waits and no file is being made. False: something is.
  bool WaitUntilIdle(absl::Duration timeout);

 private:
  friend class Recording;
  struct Step;
  struct Call;
  using Track = Recording::Track;

  void Enqueue(Step step) ABSL_LOCKS_EXCLUDED(mutex_);
  // The thread that writes: takes all that waits and writes it at once.
  void Write() ABSL_LOCKS_EXCLUDED(mutex_);
  void Process(std::vector<Step> steps) ABSL_LOCKS_EXCLUDED(mutex_);
  void Flush(const std::shared_ptr<Track>& track, std::vector<Call>* calls)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void End(Step step) ABSL_LOCKS_EXCLUDED(mutex_);
  // The thread that syncs.
  void Sync() ABSL_LOCKS_EXCLUDED(mutex_);
  void SyncTracks(const std::vector<std::shared_ptr<Track>>& tracks) ABSL_LOCKS_EXCLUDED(mutex_);
  // Runs `job` on the pool, when it can.
  void Run(std::function<void()> job) ABSL_LOCKS_EXCLUDED(mutex_);
  void StartJob() ABSL_LOCKS_EXCLUDED(mutex_);
  void RunJob() ABSL_LOCKS_EXCLUDED(mutex_);
  void MakeFile(Track* track, const Recording::Finished& finished) ABSL_LOCKS_EXCLUDED(mutex_);

  store::Store* const store_;
  base::Executor* const executor_;
  const RecorderOptions options_;
  std::atomic<bool> stopping_ = false;
  // Of files that are being made: false stops them.
  const files::Going going_ = [this] { return !stopping_; };
  absl::Mutex mutex_;
  std::vector<Step> steps_ ABSL_GUARDED_BY(mutex_);
  // Bytes of them.
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  // What was taken of them is under way.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<Track>> unsynced_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::function<void()>> jobs_ ABSL_GUARDED_BY(mutex_);
  // Jobs that wait or run.
  size_t jobs_left_ ABSL_GUARDED_BY(mutex_) = 0;
  base::WorkerPool pool_;
  std::thread writer_;
  std::thread syncer_;
};

}  // namespace scamper::recorder
