// SPDX-License-Identifier: Apache-2.0
// How the broker, which knows no format, reads what it must of records.
#pragma once

