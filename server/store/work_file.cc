// SPDX-License-Identifier: Apache-2.0
#include "server/store/work_file.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/store.h"

namespace scamper::store {

WorkFile::WorkFile(Store* store, int fd, uint64_t size, std::string what)
    : store_(store), fd_(fd), what_(std::move(what)), size_(size) {}

WorkFile::~WorkFile() {
  close(fd_);
  store_->Release(size_);
}

absl::Status WorkFile::Append(absl::string_view bytes) {
  if (bytes.empty()) return absl::OkStatus();
  if (absl::Status status = store_->Reserve(bytes.size()); !status.ok()) return status;
  for (uint64_t done = 0; done < bytes.size();) {
    const ssize_t n =
        pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      absl::Status status = absl::ErrnoToStatus(errno, absl::StrCat("the store: writing ", what_));
      store_->Release(bytes.size());
      // Where that fails, what comes next overwrites the part that was written.
      [[maybe_unused]] const int cut = ftruncate(fd_, static_cast<off_t>(size_));
      return status;
    }
    done += static_cast<uint64_t>(n);
  }
  size_ += bytes.size();
  return absl::OkStatus();
}

absl::StatusOr<size_t> WorkFile::Read(uint64_t offset, char* buffer, size_t size) const {
  size_t done = 0;
  while (done < size && offset + done < size_) {
    const ssize_t n = pread(fd_, buffer + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return absl::ErrnoToStatus(errno, absl::StrCat("the store: reading ", what_));
    if (n == 0) return absl::DataLossError(absl::StrCat("the store: ", what_, " was cut short"));
    done += static_cast<size_t>(n);
  }
  return done;
}

absl::Status WorkFile::Truncate(uint64_t size) {
  if (ftruncate(fd_, static_cast<off_t>(size)) != 0)
    return absl::ErrnoToStatus(errno, absl::StrCat("the store: cutting ", what_));
  store_->Release(std::exchange(size_, size) - size);
  return absl::OkStatus();
}

absl::Status WorkFile::Sync() const {
  if (fdatasync(fd_) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("the store: syncing ", what_));
}

}  // namespace scamper::store
