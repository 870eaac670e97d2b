// SPDX-License-Identifier: Apache-2.0
#include "server/store/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/io/fd_io.h"
#include "server/store/name.h"
#include "server/store/store.h"

namespace scamper::store {
namespace {

constexpr absl::string_view kTargetSuffix = ".target";
// Of a target that cannot be read, which no crash of the process brings about.
constexpr char kUnknownName[] = "recording";
constexpr char kUnknownKind[] = "";

absl::Status SystemError(absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("the store: ", what));
}

std::string TargetPath(absl::string_view path) { return absl::StrCat(path, kTargetSuffix); }

std::string TargetText(const JournalTarget& target) {
  return absl::StrCat(target.name, "\n", target.kind, "\n", target.overwrite ? "overwrite" : "keep",
                      "\n");
}

JournalTarget ParseTarget(absl::string_view text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 4 || !CheckName(lines[0]).ok()) return {kUnknownName, kUnknownKind, false};
  return {lines[0], lines[1], lines[2] == "overwrite"};
}

std::string ReadSmallFile(int folder, const std::string& path) {
  const int fd = openat(folder, path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return "";
  io::FdSource source(fd, io::FdOwnership::kOwn, path);
  std::string text(4096, '\0');
  const absl::StatusOr<size_t> n = source.Read(text.data(), text.size());
  text.resize(n.ok() ? *n : 0);
  return text;
}

}  // namespace

Journal::~Journal() {
  if (holds_name_) store_->FreeName(target_.name);
}

absl::Status Journal::WriteTarget() const {
  const int fd = openat(store_->folder_, TargetPath(path_).c_str(),
                        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) return SystemError(absl::StrCat("creating the journal of ", target_.name));
  io::FdSink sink(fd, io::FdOwnership::kBorrow, TargetPath(path_));
  absl::Status status = sink.Write(TargetText(target_));
  if (status.ok() && fsync(fd) != 0)
    status = SystemError(absl::StrCat("syncing the journal of ", target_.name));
  close(fd);
  return status;
}

absl::Status Journal::Create() {
  int fd = -1;
  // Journals that an earlier process left may have any of the names.
  for (int i = 1; fd < 0; ++i) {
    path_ = absl::StrCat(kJournalPrefix, i);
    fd = openat(store_->folder_, path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0 && errno != EEXIST) {
      path_.clear();
      return SystemError(absl::StrCat("creating the journal of ", target_.name));
    }
  }
  file_.reset(new WorkFile(store_, fd, 0, absl::StrCat("the journal of ", target_.name)));
  absl::Status status = WriteTarget();
  if (status.ok()) status = store_->SyncFolder();
  if (!status.ok()) Discard();
  return status;
}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(Store* store, std::string path) {
  if (absl::EndsWith(path, kTargetSuffix)) {
    const std::string journal(absl::StripSuffix(path, kTargetSuffix));
    if (faccessat(store->folder_, journal.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0)
      unlinkat(store->folder_, path.c_str(), 0);
    return nullptr;
  }
  const int fd = openat(store->folder_, path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  struct stat found;
  if (fd < 0 || fstat(fd, &found) != 0) {
    absl::Status status = SystemError(absl::StrCat("opening ", path));
    if (fd >= 0) close(fd);
    return status;
  }
  if (found.st_size == 0) {
    close(fd);
    unlinkat(store->folder_, path.c_str(), 0);
    unlinkat(store->folder_, TargetPath(path).c_str(), 0);
    return nullptr;
  }
  JournalTarget target = ParseTarget(ReadSmallFile(store->folder_, TargetPath(path)));
  const bool holds_name = store->HoldName(target.name);
  std::unique_ptr<Journal> journal(new Journal(store, std::move(target), holds_name));
  const uint64_t size = static_cast<uint64_t>(found.st_size);
  store->ReserveOver(size);
  journal->file_.reset(
      new WorkFile(store, fd, size, absl::StrCat("the journal of ", journal->target_.name)));
  journal->path_ = std::move(path);
  journal->left_at_ = absl::TimeFromTimespec(found.st_mtim);
  return journal;
}

absl::StatusOr<std::unique_ptr<io::ByteSource>> Journal::Source() const {
  const int fd = openat(store_->folder_, path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return SystemError(absl::StrCat("opening the journal of ", target_.name));
  std::unique_ptr<io::ByteSource> source = std::make_unique<io::FdSource>(
      fd, io::FdOwnership::kOwn, absl::StrCat("the journal of ", target_.name));
  return source;
}

absl::StatusOr<std::unique_ptr<NewFile>> Journal::CreateFile() {
  return store_->Create(target_.name, target_.overwrite, holds_name_);
}

absl::StatusOr<FileInfo> Journal::Become(const std::string& name) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  if (absl::Status status = Sync(); !status.ok()) return status;
  struct stat found;
  if (fstatat(store_->folder_, path_.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
    return SystemError(absl::StrCat("naming ", name));
  FileInfo file{name, size(), absl::TimeFromTimespec(found.st_mtim)};
  const bool own = name == target_.name;
  absl::Status status = store_->Publish(path_, file, own && target_.overwrite, own && holds_name_);
  if (!status.ok()) return status;
  file_->HandOver();
  unlinkat(store_->folder_, TargetPath(path_).c_str(), 0);
  path_.clear();
  status = store_->SyncFolder();
  if (!status.ok()) return status;
  return file;
}

void Journal::Discard() {
  if (path_.empty()) return;
  unlinkat(store_->folder_, path_.c_str(), 0);
  unlinkat(store_->folder_, TargetPath(path_).c_str(), 0);
  file_.reset();
  path_.clear();
}

}  // namespace scamper::store
