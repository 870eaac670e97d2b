// SPDX-License-Identifier: Apache-2.0
#include "server/io/fd_io.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "server/io/damage.h"

namespace scamper::io {
namespace {

absl::Status SystemError(int error, absl::string_view doing, const std::string& name,
                         uint64_t position) {
  absl::Status of_errno = absl::ErrnoToStatus(error, absl::StrCat(doing, " ", name));
  return ErrorAt(of_errno.code(), of_errno.message(), position);
}

// Whether the call that set errno is to be made again, after waiting where due.
bool Retry(int fd, short events) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd wait = {fd, events, 0};
  return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FdSource>> FdSource::Open(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("open ", path));
  return std::make_unique<FdSource>(fd, FdOwnership::kOwn, path);
}

FdSource::~FdSource() {
  if (ownership_ == FdOwnership::kOwn) close(fd_);
}

absl::StatusOr<size_t> FdSource::Read(char* buffer, size_t size) {
  if (!status_.ok()) return status_;
  if (ended_) return 0;
  ssize_t n;
  do {
    n = read(fd_, buffer, size);
  } while (n < 0 && Retry(fd_, POLLIN));
  if (n < 0) return status_ = SystemError(errno, "read", name_, position_);
  ended_ = n == 0;
  position_ += static_cast<uint64_t>(n);
  return static_cast<size_t>(n);
}

absl::StatusOr<std::unique_ptr<FdSink>> FdSink::Create(const std::string& path) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("create ", path));
  return std::make_unique<FdSink>(fd, FdOwnership::kOwn, path);
}

FdSink::~FdSink() {
  if (ownership_ == FdOwnership::kOwn && !closed_) close(fd_);
}

absl::Status FdSink::Write(absl::string_view bytes) {
  if (!status_.ok()) return status_;
  if (closed_) return absl::FailedPreconditionError("write after close");
  while (!bytes.empty()) {
    ssize_t n = write(fd_, bytes.data(), bytes.size());
    if (n < 0 && Retry(fd_, POLLOUT)) continue;
    if (n < 0) return status_ = SystemError(errno, "write", name_, position_);
    bytes.remove_prefix(static_cast<size_t>(n));
    position_ += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::Status FdSink::Close() {
  if (!status_.ok()) return status_;
  if (closed_) return absl::FailedPreconditionError("closed twice");
  closed_ = true;
  // On Linux the descriptor is gone whatever close returns.
  if (ownership_ == FdOwnership::kOwn && close(fd_) < 0 && errno != EINTR) {
    status_ = SystemError(errno, "close", name_, position_);
  }
  return status_;
}

}  // namespace scamper::io
