// SPDX-License-Identifier: Apache-2.0
#include "client/cli/help_format.h"

#include <sstream>

namespace scamper::cli {
namespace {

constexpr size_t kWidth = 80;

}  // namespace

std::string Wrap(std::string_view text, size_t indent, size_t width) {
  std::istringstream words{std::string(text)};
  std::string wrapped;
  std::string line;
  std::string word;
  const std::string margin(indent, ' ');
  while (words >> word) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
      wrapped += margin + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) wrapped += margin + line + "\n";
  return wrapped;
}

HelpFormat::HelpFormat() { label("SUBCOMMAND", "COMMAND ..."); }

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
  return "  " + make_option_name(option, is_positional) +
         (is_positional ? "" : make_option_opts(option)) + "\n" +
         Wrap(make_option_desc(option), 6, kWidth);
}

std::string HelpFormat::make_description(const CLI::App* app) const {
  return Wrap(app->get_description(), 0, kWidth) + "\n";
}

std::string HelpFormat::make_subcommand(const CLI::App* app) const {
  return "  " + app->get_name() + "\n" + Wrap(app->get_description(), 6, kWidth);
}

}  // namespace scamper::cli
