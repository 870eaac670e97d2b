// SPDX-License-Identifier: Apache-2.0
// What is recorded for a file of the store until it can be made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/io/byte_source.h"
#include "server/store/work_file.h"

namespace scamper::store {

struct FileInfo;
class NewFile;
class Store;

// What becomes of a journal.
struct JournalTarget {
  // Of a file of the store.
  std::string name;
  // What that file is to be, in words of the caller without a line break.
  std::string kind;
  // It may take the place of another file of that name.
  bool overwrite = false;
};

// Holds the name of its target while it lives. Its files, ".record-<n>" and beside it
// ".record-<n>.target", outlive the process; the machine as far as Sync was called. Made by
// Store::HoldJournal and Store::LeftJournals; the Store outlives it. All but target() may block.
// Not thread-safe but for Sync beside Append.
class Journal {
 public:
  // The name is free again. What is on disk stays, for the next start, unless it became a file or
  // was discarded.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const JournalTarget& target() const { return target_; }

  // Makes its files, empty. REQUIRES: made by HoldJournal; once, before all that follows.
  absl::Status Create();

  // See WorkFile.
  absl::Status Append(absl::string_view bytes) { return file_->Append(bytes); }
  absl::Status Sync() const { return file_->Sync(); }
  absl::StatusOr<size_t> Read(uint64_t offset, char* buffer, size_t size) const {
    return file_->Read(offset, buffer, size);
  }
  // Bytes.
  uint64_t size() const { return file_->size(); }

  // Cuts off what is behind the first `size` bytes.
  absl::Status Truncate(uint64_t size) { return file_->Truncate(size); }
  // When the last byte of a journal was written that LeftJournals found.
  absl::Time left_at() const { return left_at_; }

  // What it holds, from its start.
  absl::StatusOr<std::unique_ptr<io::ByteSource>> Source() const;
  // The file of the target, to be written from Source(); NewFile::Commit it, then Discard this.
  // ALREADY_EXISTS where there is such a file, and it may not be overwritten; also
  // FAILED_PRECONDITION where this journal was left and another one holds the name.
  absl::StatusOr<std::unique_ptr<NewFile>> CreateFile();
  // Makes the journal itself a file of the store: of its target where `name` is that, else
  // a new one (ALREADY_EXISTS). After OK nothing may be called but the destructor.
  absl::StatusOr<FileInfo> Become(const std::string& name);
  // Removes what is on disk, if anything. Nothing may be called afterwards but the destructor.
  void Discard();

 private:
  friend class Store;

  Journal(Store* store, JournalTarget target, bool holds_name)
      : store_(store), target_(std::move(target)), holds_name_(holds_name) {}

  // One that an earlier process left as `path`. Null where that is a target, or holds
  // nothing and is removed.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(Store* store, std::string path);

  absl::Status WriteTarget() const;

  Store* const store_;
  const JournalTarget target_;
  // False where a left journal has the name of another one.
  const bool holds_name_;
  // Its name in the folder; empty before Create and after Discard.
  std::string path_;
  std::unique_ptr<WorkFile> file_;
  absl::Time left_at_;
};

}  // namespace scamper::store
