// SPDX-License-Identifier: Apache-2.0
// Runs the command line inside the test.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/program.h"
#include "gtest/gtest.h"

namespace scamper::cli {

struct Ran {
  int code = 0;
  // What went to the stream and to the descriptor of standard output.
  std::string out;
  std::string err;
};

// A file in memory, as standard input or output of the program.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& contents = "") : fd_(memfd_create("test", MFD_CLOEXEC)) {
    EXPECT_EQ(write(fd_, contents.data(), contents.size()), static_cast<ssize_t>(contents.size()));
    lseek(fd_, 0, SEEK_SET);
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }

  std::string Contents() const {
    std::string contents(static_cast<size_t>(lseek(fd_, 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(fd_, contents.data(), contents.size(), 0),
              static_cast<ssize_t>(contents.size()));
    return contents;
  }

 private:
  const int fd_;
};

inline Ran RunCli(const std::string& server, const std::vector<std::string>& arguments,
                  bool live_progress = false, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const MemoryFile in_file(input);
  const MemoryFile out_file;
  Ran ran;
  ran.code = RunProgram(arguments, server,
                        Console{in, out, err, live_progress, in_file.fd(), out_file.fd()}, nullptr);
  ran.out = out.str() + out_file.Contents();
  ran.err = err.str();
  return ran;
}

}  // namespace scamper::cli
