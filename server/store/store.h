// SPDX-License-Identifier: Apache-2.0
// The server's own folder of files.
//
// A file appears under its name whole or not at all, also when the server or the machine
// goes down at any moment; once Commit or Delete returned OK, that outlives it as well. A file is
// written as ".upload-*" in the folder, synced, and renamed. What is recorded for a file that
// cannot be made yet is a Journal, ".record-*".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/io/byte_sink.h"
#include "server/io/byte_source.h"

struct stat;

namespace scamper::store {

// Of the names of journals in the folder, before a number.
inline constexpr absl::string_view kJournalPrefix = ".record-";

struct FileInfo {
  std::string name;
  // Bytes.
  uint64_t size = 0;
  // When its last byte was written.
  absl::Time modified;
};

class Journal;
struct JournalTarget;
class NewFile;
class WorkFile;

// Thread-safe. Errors of the system have the code of absl::ErrnoToStatus.
class Store {
 public:
  // Creates the folder where it is missing, removes what uploads that a crash ended left, and
  // takes stock of the rest: regular files whose names pass CheckName; others are left alone.
  // From then on the folder is this Store's: FAILED_PRECONDITION where another one has it, and
  // what others change in it is not seen. `max_bytes` 0: no quota.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& folder, uint64_t max_bytes);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  struct Page {
    std::vector<FileInfo> files;
    // More follow the last of `files`.
    bool more = false;
    // Of all files, bytes, those being written not counted.
    uint64_t total_size = 0;
  };
  // In the order of their names the first `limit` behind `after`; "" for the first of all.
  Page List(absl::string_view after, size_t limit) const;
  uint64_t max_bytes() const { return max_bytes_; }

  // The file as it is now, whatever becomes of its name meanwhile. NOT_FOUND.
  absl::StatusOr<std::unique_ptr<io::ByteSource>> Read(absl::string_view name) const;

  // A file to be. ALREADY_EXISTS where there is one of that name, unless `overwrite`, or a journal
  // holds the name (with `overwrite` FAILED_PRECONDITION). The Store outlives it.
  absl::StatusOr<std::unique_ptr<NewFile>> Create(absl::string_view name, bool overwrite);

  // NOT_FOUND.
  absl::Status Delete(absl::string_view name);

  // A file without a name, that ends with the WorkFile or the process. The Store outlives it.
  absl::StatusOr<std::unique_ptr<WorkFile>> CreateScratch();

  // Holds the name of the target for a journal, from which its file will be made. Errors as of
  // Create.
  absl::StatusOr<std::unique_ptr<Journal>> HoldJournal(JournalTarget target);
  // Those that an earlier process left, with their names held where no other has. REQUIRES: called
  // once, before HoldJournal.
  absl::StatusOr<std::vector<std::unique_ptr<Journal>>> LeftJournals();

 private:
  friend class Journal;
  friend class NewFile;
  friend class WorkFile;
  struct Entry {
    uint64_t size = 0;
    absl::Time modified;
  };

  Store(int folder, uint64_t max_bytes) : folder_(folder), max_bytes_(max_bytes) {}

  // Calls `visit` for each regular file of the folder.
  absl::Status ForEachFile(
      const std::function<void(const std::string&, const struct stat&)>& visit) const;
  absl::Status TakeStock() ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether a file of that name may be made; `holder`: by the journal that holds the name.
  absl::Status CheckFree(absl::string_view name, bool overwrite, bool holder) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::unique_ptr<NewFile>> Create(absl::string_view name, bool overwrite,
                                                  bool holder);
  // False where a journal holds it already.
  bool HoldName(const std::string& name) ABSL_LOCKS_EXCLUDED(mutex_);
  void FreeName(const std::string& name) ABSL_LOCKS_EXCLUDED(mutex_);
  // Of the quota. RESOURCE_EXHAUSTED.
  absl::Status Reserve(uint64_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for what is there already.
  void ReserveOver(uint64_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(uint64_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  // Gives the file its name; what it has reserved is then the entry's.
  absl::Status Publish(const std::string& temporary, const FileInfo& file, bool overwrite,
                       bool holder) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status SyncFolder() const;

  const int folder_;
  const uint64_t max_bytes_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Entry, std::less<>> files_ ABSL_GUARDED_BY(mutex_);
  // Names that journals hold.
  std::set<std::string, std::less<>> held_ ABSL_GUARDED_BY(mutex_);
  // Bytes of all files, and of those being written.
  uint64_t total_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t reserved_ ABSL_GUARDED_BY(mutex_) = 0;
};

// A file that is being written. Destroyed before Commit: nothing of it remains. Not thread-safe.
class NewFile {
 public:
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Where its bytes go: one sink for each file, which must not outlive it. RESOURCE_EXHAUSTED
  // beyond the quota, which counts all files and those being written.
  std::unique_ptr<io::ByteSink> Sink();

  // Makes it a file of the store. Errors as of Store::Create where another one appeared
  // meanwhile. Call once, after the sink was closed.
  absl::StatusOr<FileInfo> Commit();

 private:
  friend class Store;
  class QuotaSink;

  NewFile(Store* store, std::string name, bool overwrite, bool holder, std::string temporary,
          int fd);
  absl::StatusOr<FileInfo> Sync() const;

  Store* const store_;
  const std::string name_;
  const bool overwrite_;
  const bool holder_;
  const std::string temporary_;
  const int fd_;
  uint64_t reserved_ = 0;
  bool published_ = false;
};

}  // namespace scamper::store
