// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace scamper::cli {

std::string TextTable(std::vector<TableRow> rows) {
  if (rows.empty()) return "";
  std::vector<size_t> widths(rows[0].size());
  for (TableRow& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      if (row[c].empty()) row[c].push_back('-');
      widths[c] = std::max(widths[c], row[c].size());
    }
  }
  std::string table;
  for (const TableRow& row : rows) {
    for (size_t c = 0; c + 1 < row.size(); ++c) {
      absl::StrAppend(&table, row[c], std::string(widths[c] - row[c].size() + 2, ' '));
    }
    absl::StrAppend(&table, row.back(), "\n");
  }
  return table;
}

}  // namespace scamper::cli
