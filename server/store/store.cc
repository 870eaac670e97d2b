// SPDX-License-Identifier: Apache-2.0
#include "server/store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/io/fd_io.h"
#include "server/store/journal.h"
#include "server/store/name.h"
#include "server/store/work_file.h"

namespace scamper::store {
namespace {

constexpr absl::string_view kTemporaryPrefix = ".upload-";

absl::Status SystemError(absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("the store: ", what));
}

absl::Status NotFound(absl::string_view name) {
  return absl::NotFoundError(absl::StrCat("the store has no file '", name, "'"));
}

std::string TemporaryName() {
  static std::atomic<uint64_t> next{0};
  return absl::StrCat(kTemporaryPrefix, getpid(), "-", next++);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& folder, uint64_t max_bytes) {
  if (mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST)
    return SystemError(absl::StrCat("creating ", folder));
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError(absl::StrCat("opening ", folder));
  std::unique_ptr<Store> store(new Store(fd, max_bytes));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(absl::StrCat("locking ", folder));
    return absl::FailedPreconditionError(
        absl::StrCat("the store: ", folder, " is in use by another server"));
  }
  absl::Status status = store->TakeStock();
  if (!status.ok()) return status;
  return store;
}

Store::~Store() { close(folder_); }

absl::Status Store::ForEachFile(
    const std::function<void(const std::string&, const struct stat&)>& visit) const {
  const int fd = openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* dir = fd < 0 ? nullptr : fdopendir(fd);
  if (dir == nullptr) {
    absl::Status status = SystemError("reading the folder");
    if (fd >= 0) close(fd);
    return status;
  }
  while (const dirent* entry = readdir(dir)) {
    struct stat found;
    if (fstatat(folder_, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(found.st_mode)) visit(entry->d_name, found);
  }
  closedir(dir);
  return absl::OkStatus();
}

absl::Status Store::TakeStock() {
  absl::MutexLock lock(&mutex_);
  return ForEachFile([this](const std::string& name, const struct stat& found) {
    mutex_.AssertHeld();
    if (absl::StartsWith(name, kTemporaryPrefix)) {
      unlinkat(folder_, name.c_str(), 0);
    } else if (CheckName(name).ok()) {
      const uint64_t size = static_cast<uint64_t>(found.st_size);
      files_[name] = {size, absl::TimeFromTimespec(found.st_mtim)};
      total_ += size;
    }
  });
}

Store::Page Store::List(absl::string_view after, size_t limit) const {
  absl::MutexLock lock(&mutex_);
  Page page;
  page.total_size = total_;
  for (auto it = files_.upper_bound(after); it != files_.end(); ++it) {
    page.more = page.files.size() == limit;
    if (page.more) break;
    page.files.push_back({it->first, it->second.size, it->second.modified});
  }
  return page;
}

absl::StatusOr<std::unique_ptr<io::ByteSource>> Store::Read(absl::string_view name) const {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    if (files_.find(name) == files_.end()) return NotFound(name);
  }
  const std::string path(name);
  const int fd = openat(folder_, path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return NotFound(name);
  if (fd < 0) return SystemError(absl::StrCat("opening ", name));
  std::unique_ptr<io::ByteSource> source =
      std::make_unique<io::FdSource>(fd, io::FdOwnership::kOwn, path);
  return source;
}

absl::Status Store::CheckFree(absl::string_view name, bool overwrite, bool holder) const {
  if (!holder && held_.find(name) != held_.end()) {
    const std::string text = absl::StrCat("a file '", name, "' is being recorded");
    return overwrite ? absl::FailedPreconditionError(text) : absl::AlreadyExistsError(text);
  }
  if (overwrite || files_.find(name) == files_.end()) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("the store has a file '", name, "'"));
}

absl::StatusOr<std::unique_ptr<NewFile>> Store::Create(absl::string_view name, bool overwrite) {
  return Create(name, overwrite, false);
}

absl::StatusOr<std::unique_ptr<NewFile>> Store::Create(absl::string_view name, bool overwrite,
                                                       bool holder) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    absl::Status status = CheckFree(name, overwrite, holder);
    if (!status.ok()) return status;
  }
  std::string temporary = TemporaryName();
  const int fd = openat(folder_, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (fd < 0) return SystemError(absl::StrCat("creating ", name));
  return std::unique_ptr<NewFile>(
      new NewFile(this, std::string(name), overwrite, holder, std::move(temporary), fd));
}

absl::Status Store::Delete(absl::string_view name) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = files_.find(name);
    if (found == files_.end()) return NotFound(name);
    if (unlinkat(folder_, found->first.c_str(), 0) != 0 && errno != ENOENT)
      return SystemError(absl::StrCat("deleting ", name));
    total_ -= found->second.size;
    files_.erase(found);
  }
  return SyncFolder();
}

absl::StatusOr<std::unique_ptr<WorkFile>> Store::CreateScratch() {
  const std::string temporary = TemporaryName();
  const int fd = openat(folder_, temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError("creating a file for what waits");
  unlinkat(folder_, temporary.c_str(), 0);
  return std::unique_ptr<WorkFile>(new WorkFile(this, fd, 0, "a file for what waits"));
}

absl::StatusOr<std::unique_ptr<Journal>> Store::HoldJournal(JournalTarget target) {
  if (absl::Status status = CheckName(target.name); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  absl::Status status = CheckFree(target.name, target.overwrite, false);
  if (!status.ok()) return status;
  held_.insert(target.name);
  return std::unique_ptr<Journal>(new Journal(this, std::move(target), true));
}

absl::StatusOr<std::vector<std::unique_ptr<Journal>>> Store::LeftJournals() {
  std::vector<std::string> paths;
  absl::Status status = ForEachFile([&paths](const std::string& name, const struct stat&) {
    if (absl::StartsWith(name, kJournalPrefix)) paths.push_back(name);
  });
  if (!status.ok()) return status;
  std::vector<std::unique_ptr<Journal>> journals;
  for (std::string& path : paths) {
    absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(this, std::move(path));
    if (!journal.ok()) return journal.status();
    if (*journal != nullptr) journals.push_back(*std::move(journal));
  }
  return journals;
}

bool Store::HoldName(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  return held_.insert(name).second;
}

void Store::FreeName(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  held_.erase(name);
}

absl::Status Store::Reserve(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  const uint64_t used = total_ + reserved_;
  if (max_bytes_ != 0 && (used >= max_bytes_ || bytes > max_bytes_ - used)) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the store is full: its files and those being written may have ", max_bytes_, " bytes"));
  }
  reserved_ += bytes;
  return absl::OkStatus();
}

void Store::ReserveOver(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  reserved_ += bytes;
}

void Store::Release(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  reserved_ -= bytes;
}

absl::Status Store::Publish(const std::string& temporary, const FileInfo& file, bool overwrite,
                            bool holder) {
  absl::MutexLock lock(&mutex_);
  absl::Status status = CheckFree(file.name, overwrite, holder);
  if (!status.ok()) return status;
  if (renameat(folder_, temporary.c_str(), folder_, file.name.c_str()) != 0)
    return SystemError(absl::StrCat("naming ", file.name));
  Entry& entry = files_[file.name];
  total_ += file.size - entry.size;
  reserved_ -= file.size;
  entry = {file.size, file.modified};
  return absl::OkStatus();
}

absl::Status Store::SyncFolder() const {
  return fsync(folder_) == 0 ? absl::OkStatus() : SystemError("syncing the folder");
}

class NewFile::QuotaSink : public io::ByteSink {
 public:
  explicit QuotaSink(NewFile* file)
      : file_(file), sink_(file->fd_, io::FdOwnership::kBorrow, file->name_) {}

  absl::Status Write(absl::string_view bytes) override {
    if (!status_.ok()) return status_;
    status_ = file_->store_->Reserve(bytes.size());
    if (!status_.ok()) return status_;
    file_->reserved_ += bytes.size();
    status_ = sink_.Write(bytes);
    return status_;
  }

  absl::Status Close() override { return status_.ok() ? sink_.Close() : status_; }

 private:
  NewFile* const file_;
  io::FdSink sink_;
  absl::Status status_;
};

NewFile::NewFile(Store* store, std::string name, bool overwrite, bool holder, std::string temporary,
                 int fd)
    : store_(store),
      name_(std::move(name)),
      overwrite_(overwrite),
      holder_(holder),
      temporary_(std::move(temporary)),
      fd_(fd) {}

NewFile::~NewFile() {
  close(fd_);
  if (published_) return;
  unlinkat(store_->folder_, temporary_.c_str(), 0);
  store_->Release(reserved_);
}

std::unique_ptr<io::ByteSink> NewFile::Sink() { return std::make_unique<QuotaSink>(this); }

absl::StatusOr<FileInfo> NewFile::Sync() const {
  struct stat found;
  if (fsync(fd_) != 0 || fstat(fd_, &found) != 0)
    return SystemError(absl::StrCat("syncing ", name_));
  return FileInfo{name_, static_cast<uint64_t>(found.st_size),
                  absl::TimeFromTimespec(found.st_mtim)};
}

absl::StatusOr<FileInfo> NewFile::Commit() {
  absl::StatusOr<FileInfo> file = Sync();
  if (!file.ok()) return file;
  absl::Status status = store_->Publish(temporary_, *file, overwrite_, holder_);
  if (!status.ok()) return status;
  published_ = true;
  status = store_->SyncFolder();
  if (!status.ok()) return status;
  return file;
}

}  // namespace scamper::store
