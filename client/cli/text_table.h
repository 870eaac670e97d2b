// SPDX-License-Identifier: Apache-2.0
// Tables for people.
#pragma once

#include <string>
#include <vector>

namespace scamper::cli {

using TableRow = std::vector<std::string>;

// Columns aligned to the left, two blanks apart; "-" for an empty cell; each line ends with a
// newline. REQUIRES: rows of the same length, which is not 0.
std::string TextTable(std::vector<TableRow> rows);

}  // namespace scamper::cli
