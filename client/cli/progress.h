// SPDX-License-Identifier: Apache-2.0
// "12/30 done, 1 failed" on a terminal, refreshed in place.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

namespace scamper::cli {

// Writes no escape sequences and no colour. Not thread safe.
class Progress {
 public:
  // Says nothing at all unless `enabled`. `out` must outlive this.
  Progress(std::ostream& out, bool enabled) : out_(out), enabled_(enabled) {}
  ~Progress() { Erase(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Draws the counts over what was drawn last.
  void Show(uint64_t done, uint64_t total, uint64_t failed);

  // The same with another text.
  void Draw(const std::string& text);

  // Leaves an empty line with the cursor at its start, for other output.
  void Erase();

 private:
  std::ostream& out_;
  const bool enabled_;
  size_t width_ = 0;
};

// Whether a terminal is there that can refresh a line: err is one, and TERM is set and not "dumb".
bool TerminalShowsProgress(bool err_is_terminal, const char* term);

}  // namespace scamper::cli
