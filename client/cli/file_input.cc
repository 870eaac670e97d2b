// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/io/fd_io.h"

namespace scamper::cli {
namespace {

// For poll; -1 for never.
int MillisecondsUntil(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return -1;
  const absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
  return static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(left) + 1, INT_MAX));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileInput>> FileInput::Open(const Place& place, int standard_input,
                                                           absl::Time deadline) {
  const std::string name = NameOf(place, "standard input");
  const bool owned = place.kind == Place::Kind::kPath;
  int fd = standard_input;
  if (owned) fd = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", name));
  auto input = std::unique_ptr<FileInput>(new FileInput(fd, owned, name, deadline));
  if (input->stop_ < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", name));
  struct stat file;
  if (fstat(fd, &file) == 0 && S_ISDIR(file.st_mode)) {
    return absl::ErrnoToStatus(EISDIR, absl::StrCat("cannot read ", name));
  }
  return input;
}

FileInput::FileInput(int fd, bool owned, const std::string& name, absl::Time deadline)
    : fd_(fd),
      stop_(eventfd(0, EFD_CLOEXEC)),
      deadline_(deadline),
      source_(std::make_unique<io::FdSource>(
          fd, owned ? io::FdOwnership::kOwn : io::FdOwnership::kBorrow, name)) {
  struct stat file;
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) return;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  if (at >= 0 && at <= file.st_size) size_ = static_cast<uint64_t>(file.st_size - at);
}

FileInput::~FileInput() {
  if (stop_ >= 0) close(stop_);
}

bool FileInput::IsSameFile(int fd) const {
  struct stat mine;
  struct stat other;
  return fstat(fd_, &mine) == 0 && fstat(fd, &other) == 0 && S_ISREG(mine.st_mode) &&
         mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
}

absl::StatusOr<size_t> FileInput::Read(char* buffer, size_t size) {
  if (!status_.ok()) return status_;
  pollfd wait[] = {{fd_, POLLIN, 0}, {stop_, POLLIN, 0}};
  int ready = 0;
  do {
    ready = poll(wait, 2, MillisecondsUntil(deadline_));
  } while (ready < 0 && errno == EINTR);
  if (wait[1].revents != 0) return status_ = absl::CancelledError("stopped");
  if (ready == 0 || absl::Now() >= deadline_) {
    return status_ = absl::DeadlineExceededError("not done within --timeout");
  }
  return source_->Read(buffer, size);
}

void FileInput::Stop() { eventfd_write(stop_, 1); }

}  // namespace scamper::cli
