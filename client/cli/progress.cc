// SPDX-License-Identifier: Apache-2.0
#include "client/cli/progress.h"

#include <string_view>

#include "absl/strings/str_cat.h"

namespace scamper::cli {

void Progress::Show(uint64_t done, uint64_t total, uint64_t failed) {
  std::string text = absl::StrCat(done, "/", total, " done");
  if (failed > 0) absl::StrAppend(&text, ", ", failed, " failed");
  Draw(text);
}

void Progress::Draw(const std::string& text) {
  if (!enabled_) return;
  Erase();
  out_ << text << std::flush;
  width_ = text.size();
}

void Progress::Erase() {
  if (width_ == 0) return;
  out_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
  width_ = 0;
}

bool TerminalShowsProgress(bool err_is_terminal, const char* term) {
  return err_is_terminal && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

}  // namespace scamper::cli
