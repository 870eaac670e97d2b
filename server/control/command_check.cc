// SPDX-License-Identifier: Apache-2.0
#include "server/control/command_check.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scamper::control {
namespace {

// The words of a command; a quoted word is one word, without its quotes.
std::vector<absl::string_view> Words(absl::string_view command) {
  std::vector<absl::string_view> words;
  for (size_t i = 0; i < command.size();) {
    if (command[i] == ' ') {
      ++i;
      continue;
    }
    const char quote = command[i] == '\'' || command[i] == '"' ? command[i] : ' ';
    size_t begin = quote == ' ' ? i : i + 1;
    size_t end = begin;
    while (end < command.size() && command[end] != quote) {
      end += quote != ' ' && command[end] == '\\' && end + 1 < command.size() ? 2 : 1;
    }
    words.push_back(command.substr(begin, end - begin));
    i = quote == ' ' ? end : end + 1;
  }
  return words;
}

// scamper joins letters: the last one of a word is the option that takes a value.
bool IsOption(absl::string_view word, char letter) {
  return word.size() >= 2 && word[0] == '-' && word.find(' ') == absl::string_view::npos &&
         word.back() == letter;
}

absl::Status CheckDealias(const std::vector<absl::string_view>& words) {
  bool prefixscan = false, probe = false, exclude = false;
  for (size_t i = 1; i < words.size(); ++i) {
    prefixscan = prefixscan || absl::EqualsIgnoreCase(words[i], "prefixscan");
    probe = probe || IsOption(words[i], 'p');
    exclude = exclude || IsOption(words[i], 'x');
  }
  if (prefixscan && (exclude || !probe)) {
    return absl::InvalidArgumentError(
        "dealias prefixscan with -x or without -p is never sent: it crashes scamper");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCommand(absl::string_view command) {
  if (command.empty()) return absl::InvalidArgumentError("the command is empty");
  for (size_t i = 0; i < command.size(); ++i) {
    if (command[i] >= 0x20 && command[i] <= 0x7e) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", i, " of the command is not printable ASCII"));
  }
  if (command.front() == ' ' || command.back() == ' ') {
    return absl::InvalidArgumentError("the command begins or ends with a space");
  }
  const std::vector<absl::string_view> words = Words(command);
  const std::string first = absl::AsciiStrToLower(words[0]);
  if (first == "halt" || first == "done") {
    return absl::InvalidArgumentError(absl::StrCat("'", first, "' is not a measurement"));
  }
  if (first == "sting") {
    return absl::InvalidArgumentError("sting is never sent: it can crash scamper");
  }
  if (first == "dealias") return CheckDealias(words);
  return absl::OkStatus();
}

}  // namespace scamper::control
