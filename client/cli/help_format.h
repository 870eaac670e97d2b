// SPDX-License-Identifier: Apache-2.0
// Help texts in the manner of a manual page.
#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace scamper::cli {

// Breaks at blanks so that no line is longer than `width`, words permitting; each line is indented
// by `indent` spaces and ends with a newline. Empty for an empty text.
std::string Wrap(std::string_view text, size_t indent, size_t width);

// Each option on a line, its description below, wrapped at 80 columns.
class HelpFormat final : public CLI::Formatter {
 public:
  HelpFormat();
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* app) const override;
};

}  // namespace scamper::cli
